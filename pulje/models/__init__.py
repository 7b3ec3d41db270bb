"""Tables, constraints and chainable querysets; no processes."""

from pulje.models.applicant import Applicant, Invitation, Membership
from pulje.models.application import (
    Application,
    Attachment,
    BudgetLine,
    ImportedRow,
    InformationRequest,
    PartyHearing,
    Reminder,
)
from pulje.models.assessment import Assessment, Recommendation, RecommendationLine, Score
from pulje.models.change import ChangeRequest
from pulje.models.check import CaseReading, CheckMark, Snapshot
from pulje.models.committee import (
    AgendaItem,
    AgendaPoint,
    Committee,
    CommitteeHeading,
    CommitteeMember,
    ConflictOfInterest,
    Meeting,
)
from pulje.models.decision import Appeal, AwardAcceptance, Decision
from pulje.models.document import Message, Note
from pulje.models.inbox import Absence, SavedView
from pulje.models.job import Job, JobLine
from pulje.models.journal import JournalEntry
from pulje.models.packet import Packet, PacketFile
from pulje.models.partner import Partner
from pulje.models.payment import Payment, PaymentBatch, RepaymentClaim
from pulje.models.person_number import PersonNumber
from pulje.models.phrase import Phrase
from pulje.models.pool import (
    AppealGuidance,
    Criterion,
    Ground,
    LedgerEntry,
    Pool,
    PoolVersion,
    Round,
)
from pulje.models.question import Gate, LineRule, Question
from pulje.models.reading import MemberNote, MemberQuestion
from pulje.models.report import Report, ReportLine
from pulje.models.ruling import (
    AgendaAlternative,
    ConflictQuestion,
    FrameRaise,
    ItemAbsence,
    ItemRuling,
    Substitution,
)
from pulje.models.scenario import Scenario, ScenarioLine
from pulje.models.signature import GuardianConsent, Signature, SignatureReturn
from pulje.models.subscription import Subscription
from pulje.models.tie import ImpartialityStatement, Tie
from pulje.models.user import Identity, User

__all__ = [
    "Absence",
    "AgendaAlternative",
    "AgendaItem",
    "AgendaPoint",
    "Appeal",
    "AppealGuidance",
    "Applicant",
    "Application",
    "Assessment",
    "Attachment",
    "AwardAcceptance",
    "BudgetLine",
    "CaseReading",
    "ChangeRequest",
    "CheckMark",
    "Committee",
    "CommitteeHeading",
    "CommitteeMember",
    "ConflictOfInterest",
    "ConflictQuestion",
    "Criterion",
    "Decision",
    "FrameRaise",
    "Gate",
    "Ground",
    "GuardianConsent",
    "Identity",
    "ImpartialityStatement",
    "ImportedRow",
    "InformationRequest",
    "Invitation",
    "ItemAbsence",
    "ItemRuling",
    "Job",
    "JobLine",
    "JournalEntry",
    "LedgerEntry",
    "LineRule",
    "Meeting",
    "MemberNote",
    "MemberQuestion",
    "Membership",
    "Message",
    "Note",
    "Packet",
    "PacketFile",
    "Partner",
    "PartyHearing",
    "Payment",
    "PaymentBatch",
    "PersonNumber",
    "Phrase",
    "Pool",
    "PoolVersion",
    "Question",
    "Recommendation",
    "RecommendationLine",
    "Reminder",
    "RepaymentClaim",
    "Report",
    "ReportLine",
    "Round",
    "SavedView",
    "Scenario",
    "ScenarioLine",
    "Score",
    "Signature",
    "SignatureReturn",
    "Snapshot",
    "Subscription",
    "Substitution",
    "Tie",
    "User",
]
