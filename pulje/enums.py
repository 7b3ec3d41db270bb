"""Closed vocabularies: codes in English, labels in Danish. Imports nothing of ours."""

from django.db.models import TextChoices


class Role(TextChoices):
    """What a person may be in the system; APPLICANT and SYSTEM are capacities, never stored."""

    APPLICANT = "APPLICANT", "Ansøger"
    CASE_WORKER = "CASE_WORKER", "Sagsbehandler"
    LEADER = "LEADER", "Leder"
    COMMITTEE_MEMBER = "COMMITTEE_MEMBER", "Udvalgsmedlem"
    SECRETARY = "SECRETARY", "Formand eller sekretær"
    FINANCE = "FINANCE", "Økonomi"
    ADMINISTRATOR = "ADMINISTRATOR", "Administrator"
    SYSTEM = "SYSTEM", "Systemet"


class ApplicantKind(TextChoices):
    ASSOCIATION = "ASSOCIATION", "Forening"
    INFORMAL_GROUP = "INFORMAL_GROUP", "Netværk"
    INDIVIDUAL = "INDIVIDUAL", "Enkeltperson"
    MUNICIPAL_INSTITUTION = "MUNICIPAL_INSTITUTION", "Kommunal institution"
    SELF_GOVERNING_INSTITUTION = "SELF_GOVERNING_INSTITUTION", "Selvejende institution"


class MemberRole(TextChoices):
    CHAIR = "CHAIR", "Formand"
    TREASURER = "TREASURER", "Kasserer"
    BOARD = "BOARD", "Bestyrelsesmedlem"
    WRITER = "WRITER", "Skriver med"
    RESPONSIBLE = "RESPONSIBLE", "Ansvarlig"


class RightProof(TextChoices):
    """How far a person's right to act for an applicant is proved; SELF: one acts for oneself."""

    NONE = "NONE", "Ikke bekræftet"
    SELF = "SELF", "Sig selv"
    MITID_ERHVERV = "MITID_ERHVERV", "MitID Erhverv"
    MEMBER = "MEMBER", "Bekræftet af et andet medlem"
    DOCUMENT = "DOCUMENT", "Dokument set af kommunen"


class LegalBasis(TextChoices):
    KFM = "KFM", "Kommunalfuldmagten"
    FOL = "FOL", "Folkeoplysningsloven"
    SEL18 = "SEL18", "Serviceloven § 18"


class LateRule(TextChoices):
    REFUSE = "REFUSE", "Afvises"
    MARK = "MARK", "Modtages og mærkes som for sen"


class PaymentPlan(TextChoices):
    UPFRONT = "UPFRONT", "På én gang efter bevillingen"
    INSTALMENTS = "INSTALMENTS", "I rater"
    ON_REQUEST = "ON_REQUEST", "Efter anmodning"
    REIMBURSEMENT = "REIMBURSEMENT", "Efter godkendt regnskab"
    DEFICIT_GUARANTEE = "DEFICIT_GUARANTEE", "Underskudsgaranti"


class LineKind(TextChoices):
    EXPENSE = "EXPENSE", "Udgift"
    OWN_FUNDING = "OWN_FUNDING", "Egenfinansiering"
    OTHER_FUNDING = "OTHER_FUNDING", "Anden finansiering"


class FundingStatus(TextChoices):
    NONE = "", "Ikke oplyst"
    APPLIED = "APPLIED", "Søgt"
    GRANTED = "GRANTED", "Bevilget"
    REFUSED = "REFUSED", "Afslået"


class ExpenseCategory(TextChoices):
    """What an expense is for, where the pool has rules about it."""

    MATERIALS = "MATERIALS", "Materialer"
    FOOD = "FOOD", "Forplejning"
    VENUE = "VENUE", "Lokaler"
    FEES = "FEES", "Honorar"
    TRANSPORT = "TRANSPORT", "Transport"
    EQUIPMENT = "EQUIPMENT", "Udstyr"
    PROMOTION = "PROMOTION", "Annoncer og plakater"
    OTHER = "OTHER", "Andet"


class QuestionKind(TextChoices):
    TEXT = "TEXT", "Kort tekst"
    LONG_TEXT = "LONG_TEXT", "Lang tekst"
    NUMBER = "NUMBER", "Tal"
    CHOICE = "CHOICE", "Ét valg"
    YES_NO = "YES_NO", "Ja eller nej"
    DATE = "DATE", "Dato"
    FILE = "FILE", "Fil"


class AttachmentNote(TextChoices):
    """Why an attachment is not there."""

    LATER = "LATER", "Kommer senere"
    ELSEWHERE = "ELSEWHERE", "Ligger i et andet bilag"


class SignatureKind(TextChoices):
    APPLICATION = "APPLICATION", "Ansøgning"
    REPORT = "REPORT", "Rapport"


class ChangeState(TextChoices):
    REQUESTED = "REQUESTED", "Afventer svar"
    APPROVED = "APPROVED", "Godkendt"
    REFUSED = "REFUSED", "Ikke godkendt"


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


class CommitteeRole(TextChoices):
    CHAIR = "CHAIR", "Formand"
    MEMBER = "MEMBER", "Medlem"
    SUBSTITUTE = "SUBSTITUTE", "Stedfortræder"
    SECRETARY = "SECRETARY", "Sekretær"


class MeetingState(TextChoices):
    PLANNED = "PLANNED", "Planlagt"
    LOCKED = "LOCKED", "Dagsorden låst"
    CLOSED = "CLOSED", "Afholdt"


class ItemOutcome(TextChoices):
    PENDING = "PENDING", "Ikke behandlet"
    DECIDED = "DECIDED", "Besluttet"
    POSTPONED = "POSTPONED", "Udsat"
    SENT_BACK = "SENT_BACK", "Sendt tilbage"


class PayeeKind(TextChoices):
    NEMKONTO = "NEMKONTO", "NemKonto"
    INTERNAL = "INTERNAL", "Intern omkontering"


class PaymentState(TextChoices):
    PLANNED = "PLANNED", "Planlagt"
    PROPOSED = "PROPOSED", "Foreslået"
    APPROVED = "APPROVED", "Godkendt"
    EXPORTED = "EXPORTED", "Sendt til betaling"
    CONFIRMED = "CONFIRMED", "Udbetalt"
    REJECTED = "REJECTED", "Afvist"
    CANCELLED = "CANCELLED", "Annulleret"


class ReportState(TextChoices):
    DRAFT = "DRAFT", "Kladde"
    SUBMITTED = "SUBMITTED", "Modtaget"
    RETURNED = "RETURNED", "Sendt retur"
    APPROVED = "APPROVED", "Godkendt"


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
    BYLAWS = "BYLAWS", "Vedtægter"
    ACCOUNTS = "ACCOUNTS", "Regnskab"
    BUDGET = "BUDGET", "Budget"
    PICTURE = "PICTURE", "Billede"
    OTHER = "OTHER", "Andet"


class ReminderKind(TextChoices):
    INFORMATION = "INFORMATION", "Manglende oplysninger"
    AWARD = "AWARD", "Svar på bevilling"
    REPORT = "REPORT", "Rapport"
    DRAFT = "DRAFT", "Kladde"
