"""The verbs of an export to the ESDH: queue, ask, file, retry. Writes CaseExport and no others.

The same life as a letter's: the row is written with the verb it follows from; a worker claims it in
a transaction of its own, hands the package over, and notes the ESDH's number down. A worker that
dies in between is followed by another with the same package and the same uuid.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import IO
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from letters.archive import archive
from letters.archive.package import packed
from letters.delivery import DeliveryFailed, Refused
from letters.mails.actions import nudge
from letters.models import MAX_ATTEMPTS, CaseExport, ExportState, Letter, LetterState, pause_after
from pulje.actions.journal import note_down
from pulje.errors import PuljeError, RuleBroken, WrongState
from pulje.models import Application, JournalEntry, User
from pulje.permissions import check_not_disqualified, check_other
from pulje.states import Verb

logger = logging.getLogger(__name__)

WORK = "letters.tasks.file_cases"
LETTERS_FIRST = timedelta(hours=1)  # a closed case's last letter goes into the archive, too
UNDER_WAY = (LetterState.QUEUED, LetterState.RENDERED, LetterState.APPROVED)


def queue_for_entries(entries: Sequence[JournalEntry]) -> None:
    """Queue the cases that these entries close; the queries do not grow with them."""
    closed = [entry for entry in entries if entry.event == Verb.CLOSE]
    if not closed or archive() is None:
        return
    CaseExport.objects.bulk_create(
        [_row(entry.application_id, f"journal:{entry.pk}", entry.at) for entry in closed],
        ignore_conflicts=True,
    )
    nudge(WORK)


@transaction.atomic
def ask(case: Application, *, by: User, at: datetime) -> CaseExport:
    """Hand the case over as it stands; asked again before anything has happened, the first counts.

    Raises NotAllowed without the role or to a disqualified person, RuleBroken where there is no
    ESDH or for a draft.
    """
    check_other(by, "export_case")
    check_not_disqualified(by, case)
    if archive() is None:
        raise RuleBroken(_("Der er ikke sat et ESDH-system op. Sig det til driften."))
    if not case.number:
        raise RuleBroken(_("En kladde er ikke en sag endnu, så den kan ikke afleveres."))
    case = Application.objects.select_for_update(of=("self",)).get(pk=case.pk)
    export, _is_new = CaseExport.objects.get_or_create(
        cause=f"case:{case.pk}:{case.journal_head[:32]}",
        defaults={"application": case, "asked_by": by, "asked_at": at, "next_attempt_at": at},
    )
    nudge(WORK)
    return export


@transaction.atomic
def take_out(case: Application, *, by: User, at: datetime, uuid: UUID) -> tuple[IO[bytes], str]:
    """The case's package as an open file and its name, for somebody who asked; noted down.

    Raises NotAllowed without the role or to a disqualified person, RuleBroken for a draft or when
    a document cannot be read as it came. The file is gone from the disk once it is closed.
    """
    check_other(by, "export_case")
    check_not_disqualified(by, case)
    if not case.number:
        raise RuleBroken(_("En kladde er ikke en sag endnu, så den kan ikke afleveres."))
    with packed(_read(case.pk), uuid) as package:
        content = package.zip_path.open("rb")  # outlives its name on the disk
        told = {"sha256": package.sha256, "documents": len(package.papers)}
        name = f"{package.subject.number}.zip"
    note_down(case, "case_taken_out", by=by, at=at, data=told)
    return content, name


@transaction.atomic
def retry(export: CaseExport, *, by: User) -> CaseExport:
    """Take up an export that failed. Raises NotAllowed, or WrongState when it has not failed."""
    check_other(by, "export_case")
    rows = CaseExport.objects.select_for_update(of=("self",)).select_related("application")
    export = rows.get(pk=export.pk)
    check_not_disqualified(by, export.application)
    if export.state != ExportState.FAILED:
        raise WrongState(_("Afleveringen er ikke gået i stå. Genindlæs siden for at se det."))
    export.state, export.attempts, export.failure = ExportState.QUEUED, 0, ""
    export.next_attempt_at, export.claimed_at = timezone.now(), None
    export.save()
    nudge(WORK)
    return export


def file_case(export_id: int) -> bool:
    """Hand one case over; False when there is nothing to do or it did not succeed this time."""
    export = _claim(export_id)
    if export is None:
        return False
    case = _read(export.application_id)
    try:
        with packed(case, export.uuid) as package:
            adapter = archive()
            if adapter is None:
                raise Refused(_("Der er ikke sat et ESDH-system op. Sig det til driften."))
            reference = adapter.file(package)
    except (DeliveryFailed, PuljeError, OSError) as failure:
        _not_filed(export, failure)
        return False
    _filed(export, reference, package.sha256, len(package.papers))
    return True


def _row(case: int, cause: str, at: datetime) -> CaseExport:
    return CaseExport(application_id=case, cause=cause, asked_at=at, next_attempt_at=at)


def _read(application_id: int) -> Application:
    rows = Application.objects.select_related(
        "pool", "version", "applicant", "caseworker", "report"
    )
    return rows.get(pk=application_id)


@transaction.atomic
def _claim(export_id: int) -> CaseExport | None:
    now = timezone.now()
    rows = CaseExport.objects.due(now).select_for_update(skip_locked=True)
    export: CaseExport | None = rows.filter(pk=export_id).first()
    if export is None:
        return None
    if Letter.objects.filter(application=export.application_id, state__in=UNDER_WAY).exists():
        export.next_attempt_at = now + LETTERS_FIRST
        export.save(update_fields=["next_attempt_at"])
        return None
    if export.attempts >= MAX_ATTEMPTS:
        export.state = ExportState.FAILED
        export.failure = _("Sagen kunne ikke afleveres i %d forsøg. Se loggen.") % MAX_ATTEMPTS
        export.save(update_fields=["state", "failure"])
        return None
    export.claimed_at = now
    export.attempts += 1
    export.save(update_fields=["claimed_at", "attempts"])
    return export


@transaction.atomic
def _filed(export: CaseExport, reference: str, sha256: str, documents: int) -> None:
    now = timezone.now()
    export.state, export.done_at, export.claimed_at = ExportState.DONE, now, None
    export.reference, export.sha256, export.documents = reference[:200], sha256, documents
    export.failure = ""
    export.save()
    told = {"reference": export.reference, "sha256": sha256, "documents": documents}
    note_down(export.application, "case_exported", by=export.asked_by, at=now, data=told)


def _not_filed(export: CaseExport, failure: Exception) -> None:
    export.claimed_at = None
    export.failure = _sentence(failure)[:300]
    export.next_attempt_at = timezone.now() + pause_after(export.attempts)
    is_final = isinstance(failure, Refused | PuljeError)
    if is_final or export.attempts >= MAX_ATTEMPTS:
        export.state = ExportState.FAILED
    export.save(update_fields=["claimed_at", "failure", "next_attempt_at", "state"])
    logger.warning("export %s: not filed in attempt %s", export.pk, export.attempts)


def _sentence(failure: Exception) -> str:
    if isinstance(failure, OSError):
        return str(_("Pakken kunne ikke skrives på disken. Er der plads?"))
    return str(getattr(failure, "sentence", failure))
