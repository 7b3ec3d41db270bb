"""A case handed to the ESDH: all its papers, in OIO's words, once, whatever is killed."""

import hashlib
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from letters.archive import Package, actions
from letters.archive.folder import FolderArchive
from letters.archive.papers import TEXT, papers_of
from letters.archive.subject import PROGRESS
from letters.delivery import DeliveryFailed
from letters.models import CaseExport, ExportState, Letter, LetterState
from letters.models.outbox import MAX_ATTEMPTS
from letters.tasks import deliver_due, file_cases
from pulje.enums import AppealState, AttachmentKind
from pulje.errors import NotAllowed, RuleBroken
from pulje.models import (
    AgendaItem,
    Appeal,
    Application,
    Attachment,
    ChangeRequest,
    ConflictOfInterest,
    MemberQuestion,
    Message,
    Note,
)
from pulje.states import CaseState as S
from tests import people
from tests.factories import case_in, walk_to

pytestmark = pytest.mark.django_db
NS = {"s": "urn:puljer:sag:1"}
NAUGHTY = "Fejl\x00\x0b & <b>lås</b> \ufffe 🎉 مرحبا"


@pytest.fixture
def drop(settings: Any, tmp_path: Path) -> Path:
    """A folder that an ESDH empties."""
    settings.ESDH_ADAPTER = "letters.archive.folder.FolderArchive"
    settings.ESDH_FOLDER = str(tmp_path / "esdh")
    settings.ESDH_ACTION_FACET = "G01"
    return tmp_path / "esdh"


def a_told_case() -> Application:
    """A case with letters sent, a file, a message, a note and a name that breaks most things."""
    case = case_in(S.CLOSED)
    deliver_due()
    case.applicant.name = NAUGHTY.replace("\x00", "")
    case.applicant.save()
    now = timezone.now()
    content = b"%PDF-1.7 vedtaegter"
    Attachment.objects.create(
        application=case,
        kind=AttachmentKind.BYLAWS,
        file=ContentFile(content, "x.pdf"),
        name="Vedtægter for Asta Andersen.pdf",
        content_type="application/pdf",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_at=now,
        uploaded_by=people.asta(),
    )
    said = {"application": case, "sender": people.asta(), "is_from_applicant": True}
    Message.objects.create(**said, text="Hvornår får vi svar?", sent_at=now)
    Note.objects.create(application=case, author=people.karl(), text="Ringede.", written_at=now)
    return case


def inside(path: Path) -> tuple[dict[str, bytes], ET.Element]:
    with ZipFile(path) as found:
        files = {name: found.read(name) for name in found.namelist()}
    return files, ET.fromstring(files["indeks.xml"])


def test_a_case_lies_in_the_folder_with_every_paper_and_an_index(drop: Path) -> None:
    case = a_told_case()
    CaseExport.objects.all().delete()

    actions.ask(case, by=people.karl(), at=timezone.now())
    actions.ask(case, by=people.rie(), at=timezone.now())  # nothing has happened: the same one
    assert file_cases() == 1
    assert file_cases() == 0

    (zip_path,) = drop.iterdir()
    files, index = inside(zip_path)
    export = CaseExport.objects.get()
    assert export.sha256 == hashlib.sha256(zip_path.read_bytes()).hexdigest()
    assert (export.reference, export.state) == (zip_path.name, ExportState.DONE)
    kinds = [
        paper.findtext("s:Dokumenttype", "", NS) for paper in index.iterfind(".//s:Dokument", NS)
    ]
    sent = Letter.objects.filter(application=case).exclude(sent_at=None).count()
    assert kinds.count("Brev") == sent > 1
    assert {"Ansøgning", "Bilag", "Besked", "Notat", "Journal"} <= set(kinds)
    assert export.documents == len(kinds) == len(files) - 1
    for paper in index.iterfind(".//s:Dokument", NS):
        content = files[paper.findtext(".//s:Filnavn", "", NS)]
        assert hashlib.sha256(content).hexdigest() == paper.findtext(".//s:Sha256", "", NS)
    assert index.findtext("s:Fremdrift", "", NS) == "Afsluttet"
    assert index.findtext("s:Primaerklasse", "", NS) == case.version.kle
    assert index.findtext("s:Handlingsklasse", "", NS) == "G01"
    assert "🎉" in index.findtext(".//s:Navn", "", NS)
    assert "Asta" not in "".join([zip_path.name, *files])
    assert case.journal.filter(event="case_exported").count() == 1


def test_what_was_sent_is_among_the_papers_also_when_it_came_back() -> None:
    case = case_in(S.SUBMITTED)
    deliver_due()
    receipt = Letter.objects.get(application=case)
    titles = {paper.title for paper in papers_of(case)}
    assert titles == {"Ansøgning", receipt.title, "Sagens journal"}

    Letter.objects.update(state=LetterState.FAILED, failure="Mailen kom retur: ukendt")

    found = papers_of(case)
    assert {paper.title for paper in found} == titles
    (letter,) = (paper for paper in found if paper.kind == "Brev")
    assert ("Fejl", "Mailen kom retur: ukendt") in letter.proof


def test_every_state_has_its_word_in_oio() -> None:
    assert set(PROGRESS) == set(S) - {S.DRAFT}


def test_a_closed_case_goes_by_itself_but_not_before_its_letters(drop: Path) -> None:
    case = case_in(S.CLOSED)

    assert CaseExport.objects.get().application == case
    assert file_cases() == 0
    deliver_due()
    assert not Letter.objects.filter(application=case, state=LetterState.QUEUED).exists()
    CaseExport.objects.update(next_attempt_at=timezone.now())
    assert file_cases() == 1
    assert CaseExport.objects.get().asked_by is None


def test_nothing_is_queued_where_there_is_no_esdh(settings: Any) -> None:
    settings.ESDH_ADAPTER = ""
    case = case_in(S.CLOSED)

    assert not CaseExport.objects.exists()
    with pytest.raises(RuleBroken, match="ikke sat et ESDH-system op"):
        actions.ask(case, by=people.karl(), at=timezone.now())


def test_the_same_case_is_the_same_package_and_a_dead_worker_s_is_made_again(drop: Path) -> None:
    a_told_case()
    export = CaseExport.objects.get()
    claimed = actions._claim(export.pk)  # ... and the worker dies
    assert claimed is not None
    assert not actions.file_case(export.pk)
    CaseExport.objects.update(claimed_at=timezone.now() - timedelta(hours=1))

    assert actions.file_case(export.pk)
    (first,) = drop.iterdir()
    before = first.read_bytes()
    CaseExport.objects.update(
        state=ExportState.QUEUED
    )  # killed after filing, before noting it down
    Application.objects.get().journal.filter(event="case_exported")
    assert actions.file_case(export.pk)

    (again,) = drop.iterdir()
    assert again.name == first.name
    assert len(inside(again)[0]) == len(inside(first)[0])
    assert before[:4] == b"PK\x03\x04"


def test_what_goes_wrong_is_said_and_tried_again(
    drop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_told_case()
    export = CaseExport.objects.get()

    def full(self: FolderArchive, package: Package) -> str:
        raise DeliveryFailed("Mappen til ESDH-systemet kan ikke skrives.")

    with monkeypatch.context() as patch:
        patch.setattr(FolderArchive, "file", full)
        for attempt in range(1, MAX_ATTEMPTS + 1):
            CaseExport.objects.update(next_attempt_at=timezone.now())
            assert not actions.file_case(export.pk)
            export.refresh_from_db()
            assert export.attempts == attempt
    assert (export.state, export.failure) == (
        ExportState.FAILED,
        "Mappen til ESDH-systemet kan ikke skrives.",
    )
    actions.retry(export, by=people.rie())
    assert actions.file_case(export.pk)


def test_a_file_that_was_changed_on_the_disk_stops_the_export(drop: Path) -> None:
    case = a_told_case()
    Path(case.attachments.get().file.path).write_bytes(b"something else")

    assert file_cases() == 0
    export = CaseExport.objects.get()
    assert export.state == ExportState.FAILED
    assert "kan ikke læses, som det kom" in export.failure
    assert list(drop.glob("*")) == []


@pytest.mark.django_db(transaction=True)  # as a page has it: no transaction is open
def test_who_may_take_a_case_out(drop: Path, client: Client) -> None:
    case = a_told_case()
    tie = {"user": people.rie(), "declared_by": people.rie(), "reason": "Nabo"}
    ConflictOfInterest.objects.create(application=case, declared_at=timezone.now(), **tie)
    for who in (people.rie(), people.asta(), people.fie()):
        with pytest.raises(NotAllowed):
            actions.ask(case, by=who, at=timezone.now())
        client.force_login(who)
        assert client.post(f"/brev/sag/{case.pk}/zip/").status_code == 403

    client.force_login(people.karl())
    page = client.get(f"/sag/{case.pk}/dokumenter/")
    answer = client.post(f"/brev/sag/{case.pk}/zip/")
    names = ZipFile(BytesIO(b"".join(answer.streaming_content))).namelist()  # type: ignore[attr-defined]

    assert "Hent hele sagen (zip)" in page.content.decode()
    assert names[0] == "indeks.xml"
    assert answer["Content-Disposition"] == f'attachment; filename="{case.number}.zip"'
    assert case.journal.filter(event="case_taken_out", by=people.karl()).count() == 1


def test_what_was_written_on_a_case_is_among_its_papers() -> None:
    """A complaint with its assessment, a wish to change, views, reasons and a member's question."""
    walk = walk_to(S.RECOMMENDED, requested_kr=Decimal(20_000))
    walk.decide()
    case, now = walk.case, timezone.now()
    item = AgendaItem.objects.get(application=case)
    asked = {"asked_at": now, "asked_by": people.mads()}
    MemberQuestion.objects.create(item=item, text="Er lokalet gratis?", **asked)
    ChangeRequest.objects.create(
        application=case,
        reason="Aftenerne blev aflyst.",
        lines=[{"kind": "EXPENSE", "text": "Telt", "amount_kr": "900", "category": ""}],
        asked_at=now,
        asked_by=people.asta(),
    )
    Appeal.objects.create(
        decision=case.decisions.get(),
        text="I har læst os forkert.",
        received_at=now,
        assessment="Vi har læst rigtigt.",
        assessed_at=now,
        assessed_by=people.karl(),
        state=AppealState.ASSESSED,
    )

    told = {
        paper.title: paper.read().decode() for paper in papers_of(case) if paper.media_type == TEXT
    }

    for title, words in (
        ("Klager over afgørelsen", "I har læst os forkert."),
        ("Genvurdering af klager", "Vi har læst rigtigt."),
        ("Ændringer af projektet", "Aftenerne blev aflyst.\nTelt\t900 kr."),
        ("Vurdering, indstilling, afgørelse", "Godt for kvarteret."),
        ("Spørgsmål fra udvalget", "Er lokalet gratis?"),
    ):
        assert words in told[title], title
