"""What we have told people, and how it reached them."""

from letters.models.archive import CaseExport, CaseExportQuerySet, ExportState
from letters.models.delivery import DeliveryAttempt, DeliveryReceipt, ReceiptKind
from letters.models.letter import (
    DECISION_KINDS,
    SENT_STATES,
    UNMADE_STATES,
    Channel,
    Enclosure,
    Letter,
    LetterBatch,
    LetterQuerySet,
    LetterState,
    Paper,
)
from letters.models.mail import Mail, MailQuerySet, MailState
from letters.models.outbox import (
    CLAIM_LASTS,
    MAX_ATTEMPTS,
    case_path,
    message_id,
    own_path,
    pause_after,
)
from letters.models.text import LetterText, TextQuerySet, TypedText

__all__ = [
    "CLAIM_LASTS",
    "DECISION_KINDS",
    "MAX_ATTEMPTS",
    "SENT_STATES",
    "UNMADE_STATES",
    "CaseExport",
    "CaseExportQuerySet",
    "Channel",
    "DeliveryAttempt",
    "DeliveryReceipt",
    "Enclosure",
    "ExportState",
    "Letter",
    "LetterBatch",
    "LetterQuerySet",
    "LetterState",
    "LetterText",
    "Mail",
    "MailQuerySet",
    "MailState",
    "Paper",
    "ReceiptKind",
    "TextQuerySet",
    "TypedText",
    "case_path",
    "message_id",
    "own_path",
    "pause_after",
]
