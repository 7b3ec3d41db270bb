"""Every kind of letter, and which are written because of a journal entry.

A new letter: a class in this folder and its name here, facts in facts/, a standard text in
texts/standard/, a sample (docs/how-to/new-letter.md).
"""

from letters.kinds.appeal import AppealLate, AppealReceipt, AppealUpheld
from letters.kinds.case import (
    Extension,
    Hearing,
    InformationReminder,
    Lapse,
    MissingInformation,
    Postponed,
    Receipt,
    Reopening,
    Withdrawal,
)
from letters.kinds.decision import (
    Annulment,
    Award,
    AwardReminder,
    ConditionalAward,
    PartialAward,
    Rejection,
)
from letters.kinds.grant import (
    ChangeApproved,
    ChangeRefused,
    Closing,
    ControlSelected,
    PaymentNotice,
    PaymentRejected,
    RecoveryHearing,
    RepaymentClaimed,
    ReportApproved,
    ReportBefore,
    ReportFirst,
    ReportLast,
    ReportReduced,
    ReportReturned,
    ReportSecond,
)
from letters.kinds.kind import Kind
from pulje.models import JournalEntry

KINDS: dict[str, type[Kind]] = {
    kind.code: kind
    for kind in (
        Receipt,
        MissingInformation,
        InformationReminder,
        Hearing,
        Extension,
        Postponed,
        Award,
        ConditionalAward,
        PartialAward,
        Rejection,
        AwardReminder,
        Annulment,
        PaymentNotice,
        PaymentRejected,
        ChangeApproved,
        ChangeRefused,
        ControlSelected,
        ReportBefore,
        ReportFirst,
        ReportSecond,
        ReportLast,
        ReportReturned,
        ReportApproved,
        ReportReduced,
        RecoveryHearing,
        RepaymentClaimed,
        Closing,
        Lapse,
        Withdrawal,
        Reopening,
        AppealReceipt,
        AppealUpheld,
        AppealLate,
    )
}


def kinds_for(entry: JournalEntry) -> list[type[Kind]]:
    """The letters to be written because of a journal entry: mostly one, often none."""
    return [kind for kind in KINDS.values() if kind.tells(entry)]
