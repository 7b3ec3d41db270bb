"""Closed vocabularies: codes in English, labels in Danish. Imports nothing of ours."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a person may be in the system; APPLICANT and SYSTEM are capacities, never stored."""

    APPLICANT = "APPLICANT", _("Ansøger")
    CASE_WORKER = "CASE_WORKER", _("Sagsbehandler")
    LEADER = "LEADER", _("Leder")
    COMMITTEE_MEMBER = "COMMITTEE_MEMBER", _("Udvalgsmedlem")
    SECRETARY = "SECRETARY", _("Formand eller sekretær")
    FINANCE = "FINANCE", _("Økonomi")
    ADMINISTRATOR = "ADMINISTRATOR", _("Administrator")
    SYSTEM = "SYSTEM", _("Systemet")


class ApplicantKind(TextChoices):
    ASSOCIATION = "ASSOCIATION", _("Forening")
    INFORMAL_GROUP = "INFORMAL_GROUP", _("Netværk")
    INDIVIDUAL = "INDIVIDUAL", _("Enkeltperson")
    MUNICIPAL_INSTITUTION = "MUNICIPAL_INSTITUTION", _("Kommunal institution")
    SELF_GOVERNING_INSTITUTION = "SELF_GOVERNING_INSTITUTION", _("Selvejende institution")


WITHOUT_CVR = frozenset({ApplicantKind.INFORMAL_GROUP, ApplicantKind.INDIVIDUAL})
WITHOUT_BOARD = WITHOUT_CVR | {ApplicantKind.MUNICIPAL_INSTITUTION}


class MemberRole(TextChoices):
    CHAIR = "CHAIR", _("Formand")
    TREASURER = "TREASURER", _("Kasserer")
    BOARD = "BOARD", _("Bestyrelsesmedlem")
    WRITER = "WRITER", _("Skriver med")
    RESPONSIBLE = "RESPONSIBLE", _("Ansvarlig")


class RightProof(TextChoices):
    """How far a person's right to act for an applicant is proved; SELF: one acts for oneself."""

    NONE = "NONE", _("Ikke bekræftet")
    SELF = "SELF", _("Sig selv")
    MITID_ERHVERV = "MITID_ERHVERV", _("MitID Erhverv")
    MEMBER = "MEMBER", _("Bekræftet af et andet medlem")
    DOCUMENT = "DOCUMENT", _("Dokument set af kommunen")


class LegalBasis(TextChoices):
    KFM = "KFM", _("Kommunalfuldmagten")
    FOL = "FOL", _("Folkeoplysningsloven")
    SEL18 = "SEL18", _("Serviceloven § 18")


class LateRule(TextChoices):
    REFUSE = "REFUSE", _("Afvises")
    MARK = "MARK", _("Modtages og mærkes som for sen")


class PaymentPlan(TextChoices):
    UPFRONT = "UPFRONT", _("På én gang efter bevillingen")
    INSTALMENTS = "INSTALMENTS", _("I rater")
    ON_REQUEST = "ON_REQUEST", _("Efter anmodning")
    REIMBURSEMENT = "REIMBURSEMENT", _("Efter godkendt regnskab")
    DEFICIT_GUARANTEE = "DEFICIT_GUARANTEE", _("Underskudsgaranti")


class LineKind(TextChoices):
    EXPENSE = "EXPENSE", _("Udgift")
    OWN_FUNDING = "OWN_FUNDING", _("Egenfinansiering")
    OTHER_FUNDING = "OTHER_FUNDING", _("Anden finansiering")


class FundingStatus(TextChoices):
    NONE = "", _("Ikke oplyst")
    APPLIED = "APPLIED", _("Søgt")
    GRANTED = "GRANTED", _("Bevilget")
    REFUSED = "REFUSED", _("Afslået")


class ExpenseCategory(TextChoices):
    """What an expense is for, where the pool has rules about it."""

    MATERIALS = "MATERIALS", _("Materialer")
    FOOD = "FOOD", _("Forplejning")
    VENUE = "VENUE", _("Lokaler")
    FEES = "FEES", _("Honorar")
    TRANSPORT = "TRANSPORT", _("Transport")
    EQUIPMENT = "EQUIPMENT", _("Udstyr")
    PROMOTION = "PROMOTION", _("Annoncer og plakater")
    OTHER = "OTHER", _("Andet")


class QuestionKind(TextChoices):
    TEXT = "TEXT", _("Kort tekst")
    LONG_TEXT = "LONG_TEXT", _("Lang tekst")
    NUMBER = "NUMBER", _("Tal")
    CHOICE = "CHOICE", _("Ét valg")
    YES_NO = "YES_NO", _("Ja eller nej")
    DATE = "DATE", _("Dato")
    FILE = "FILE", _("Fil")


class Theme(TextChoices):
    """What a project is about: the four themes of the policy on volunteering."""

    LEARNING = "LEARNING", "Folkeoplysning"
    SOCIAL = "SOCIAL", "Frivilligt socialt arbejde"
    CULTURE = "CULTURE", "Kultur og partnerskaber"
    NETWORK = "NETWORK", "Individuel og netværksbaseret frivillighed"


class Channel(TextChoices):
    """How an application came in."""

    DIGITAL = "DIGITAL", "Selvbetjening"
    PAPER = "PAPER", "Papir"
    PHONE = "PHONE", "Telefon eller fremmøde"


class CameBy(TextChoices):
    """How an answer came that a case worker keys in."""

    LETTER = "LETTER", "Pr. brev"
    PHONE = "PHONE", "Telefon"
    VISIT = "VISIT", "Personligt fremmøde"
    EMAIL = "EMAIL", "E-mail"


class AttachmentReview(TextChoices):
    """What the case worker has found about an attachment."""

    UNSEEN = "", "Ikke gennemgået"
    ACCEPTED = "ACCEPTED", "Godkendt"
    ASKED_AGAIN = "ASKED_AGAIN", "Skal sendes igen"


class PhraseKind(TextChoices):
    """Where a phrase of the pool's library is used."""

    INFORMATION = "INFORMATION", "Anmodning om oplysninger"
    HEARING = "HEARING", "Partshøring"
    REASONS = "REASONS", "Begrundelse"
    CONDITIONS = "CONDITIONS", "Vilkår"
    MESSAGE = "MESSAGE", "Besked til ansøger"


class Distribution(TextChoices):
    """How a scenario shares a round's money out."""

    BY_POINTS = "BY_POINTS", "Efter point, de højeste først"
    SAME_CUT = "SAME_CUT", "Samme procent til alle"
    CEILING = "CEILING", "Loft pr. ansøger"
    FLOOR = "FLOOR", "Et mindstebeløb til alle, resten efter point"
    FIRST_TIMERS = "FIRST_TIMERS", "Førstegangsansøgere først"
    BY_HAND = "BY_HAND", "I hånden"


class JobState(TextChoices):
    """A job on many cases: waiting for the worker or in hand, done, or stopped by a person."""

    RUNNING = "RUNNING", "I gang"
    DONE = "DONE", "Færdig"
    STOPPED = "STOPPED", "Stoppet"


class LineState(TextChoices):
    """One case of a job on many."""

    WAITING = "WAITING", "Venter"
    DONE = "DONE", "Udført"
    REFUSED = "REFUSED", "Afvist"


class AttachmentNote(TextChoices):
    """Why an attachment is not there."""

    LATER = "LATER", _("Kommer senere")
    ELSEWHERE = "ELSEWHERE", _("Ligger i et andet bilag")


class SignatureKind(TextChoices):
    APPLICATION = "APPLICATION", _("Ansøgning")
    REPORT = "REPORT", _("Rapport")


class ChangeState(TextChoices):
    REQUESTED = "REQUESTED", _("Afventer svar")
    APPROVED = "APPROVED", _("Godkendt")
    REFUSED = "REFUSED", _("Ikke godkendt")


class LedgerKind(TextChoices):
    FRAME = "FRAME", "Ramme"
    COMMIT = "COMMIT", "Bevilget"
    RELEASE = "RELEASE", "Frigivet"
    PAY = "PAY", "Udbetalt"
    UNPAY = "UNPAY", "Udbetaling tilbageført"
    RECOVER = "RECOVER", "Tilbagebetalt"
    SETOFF = "SETOFF", "Modregnet"
    WRITE_OFF = "WRITE_OFF", "Afskrevet"


class AssessmentState(TextChoices):
    OPEN = "OPEN", "Åben"
    DONE = "DONE", "Vurderet"
    ABSTAINED = "ABSTAINED", "Afstået"


class Outcome(TextChoices):
    GRANTED = "GRANTED", "Bevilget"
    PARTIALLY_GRANTED = "PARTIALLY_GRANTED", "Delvist bevilget"
    REJECTED = "REJECTED", "Afslag"


class DecidedBy(TextChoices):
    DELEGATION = "DELEGATION", "Forvaltningen efter delegation"
    COMMITTEE = "COMMITTEE", "Udvalget"
    CHAIR = "CHAIR", "Formanden på udvalgets vegne"


class CommitteeRole(TextChoices):
    CHAIR = "CHAIR", "Formand"
    VICE_CHAIR = "VICE_CHAIR", "Næstformand"
    MEMBER = "MEMBER", "Medlem"
    SUBSTITUTE = "SUBSTITUTE", "Stedfortræder"
    SECRETARY = "SECRETARY", "Sekretær"


class MeetingState(TextChoices):
    PLANNED = "PLANNED", "Planlagt"
    LOCKED = "LOCKED", "Dagsorden låst"
    CLOSED = "CLOSED", "Afholdt"
    CANCELLED = "CANCELLED", "Aflyst"


class ItemOutcome(TextChoices):
    PENDING = "PENDING", "Ikke behandlet"
    DECIDED = "DECIDED", "Besluttet"
    POSTPONED = "POSTPONED", "Udsat"
    SENT_BACK = "SENT_BACK", "Sendt tilbage"


class AgendaSection(TextChoices):
    """What an item of the agenda is made of; a committee chooses headings and order."""

    SUMMARY = "SUMMARY", "Resumé"
    PRESENTATION = "PRESENTATION", "Sagsfremstilling"
    ECONOMY = "ECONOMY", "Økonomi"
    LEGAL_BASIS = "LEGAL_BASIS", "Retsgrundlag"
    COMPETENCE = "COMPETENCE", "Kompetence"
    IMPARTIALITY = "IMPARTIALITY", "Habilitet"
    PROPOSAL = "PROPOSAL", "Indstilling"
    ANNEXES = "ANNEXES", "Bilag"


class Mark(TextChoices):
    """A member's own mark on a case; nobody else sees it."""

    NONE = "", "Ingen"
    TALK = "TALK", "Vil jeg tale om"
    AGREE = "AGREE", "Enig"
    DISAGREE = "DISAGREE", "Uenig"


class PacketKind(TextChoices):
    AGENDA = "AGENDA", "Dagsorden"
    MINUTES = "MINUTES", "Referat"


class PacketState(TextChoices):
    QUEUED = "QUEUED", "Venter"
    MAKING = "MAKING", "Laves"
    READY = "READY", "Klar"
    FAILED = "FAILED", "Fejl"


class PacketFormat(TextChoices):
    PDF = "PDF", "PDF"
    DOCX = "DOCX", "Word"


class PayeeKind(TextChoices):
    NEMKONTO = "NEMKONTO", "NemKonto"
    INTERNAL = "INTERNAL", "Intern omkontering"


class PaymentState(TextChoices):
    PLANNED = "PLANNED", _("Planlagt")
    PROPOSED = "PROPOSED", _("Foreslået")
    APPROVED = "APPROVED", _("Godkendt")
    EXPORTED = "EXPORTED", _("Sendt til betaling")
    CONFIRMED = "CONFIRMED", _("Udbetalt")
    REJECTED = "REJECTED", _("Afvist")
    CANCELLED = "CANCELLED", _("Annulleret")


class ReportState(TextChoices):
    DRAFT = "DRAFT", "Kladde"
    SUBMITTED = "SUBMITTED", "Modtaget"
    RETURNED = "RETURNED", "Sendt retur"
    APPROVED = "APPROVED", "Godkendt"


class Went(TextChoices):
    """Did it become what was hoped for? Each answer is a fine report."""

    YES = "YES", "Ja"
    MOSTLY = "MOSTLY", "Mest"
    NOT_QUITE = "NOT_QUITE", "Ikke helt"


class ClaimState(TextChoices):
    PROPOSED = "PROPOSED", "Foreslået"
    CLAIMED = "CLAIMED", "Krævet"
    SETTLED = "SETTLED", "Afsluttet"


class AppealState(TextChoices):
    RECEIVED = "RECEIVED", "Modtaget"
    ASSESSED = "ASSESSED", "Genvurderet"
    UPHELD = "UPHELD", "Fastholdt"
    CHANGED = "CHANGED", "Ændret"
    REJECTED_AS_LATE = "REJECTED_AS_LATE", "Afvist som for sen"


class AttachmentKind(TextChoices):
    BYLAWS = "BYLAWS", _("Vedtægter")
    ACCOUNTS = "ACCOUNTS", _("Regnskab")
    BUDGET = "BUDGET", _("Budget")
    PICTURE = "PICTURE", _("Billede")
    OTHER = "OTHER", _("Andet")


class ReminderKind(TextChoices):
    INFORMATION = "INFORMATION", "Manglende oplysninger"
    AWARD = "AWARD", "Svar på bevilling"
    REPORT = "REPORT", "Rapport"
    DRAFT = "DRAFT", "Kladde"
