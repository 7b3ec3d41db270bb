"""Tables, constraints and chainable querysets; no processes."""

from pulje.models.applicant import Applicant, Membership
from pulje.models.application import (
    Application,
    Attachment,
    BudgetLine,
    ImportedRow,
    InformationRequest,
    PartyHearing,
    Reminder,
)
from pulje.models.assessment import Assessment, Recommendation, Score
from pulje.models.committee import (
    AgendaItem,
    Committee,
    CommitteeMember,
    ConflictOfInterest,
    Meeting,
)
from pulje.models.decision import Appeal, AwardAcceptance, Decision
from pulje.models.document import Message, Note
from pulje.models.journal import JournalEntry
from pulje.models.payment import Payment, PaymentBatch, RepaymentClaim
from pulje.models.pool import (
    AppealGuidance,
    Criterion,
    Ground,
    LedgerEntry,
    Pool,
    PoolVersion,
    Round,
)
from pulje.models.report import Report, ReportLine
from pulje.models.user import User

__all__ = [
    "AgendaItem",
    "Appeal",
    "AppealGuidance",
    "Applicant",
    "Application",
    "Assessment",
    "Attachment",
    "AwardAcceptance",
    "BudgetLine",
    "Committee",
    "CommitteeMember",
    "ConflictOfInterest",
    "Criterion",
    "Decision",
    "Ground",
    "ImportedRow",
    "InformationRequest",
    "JournalEntry",
    "LedgerEntry",
    "Meeting",
    "Membership",
    "Message",
    "Note",
    "PartyHearing",
    "Payment",
    "PaymentBatch",
    "Pool",
    "PoolVersion",
    "Recommendation",
    "Reminder",
    "RepaymentClaim",
    "Report",
    "ReportLine",
    "Round",
    "Score",
    "User",
]
