"""Every address of the system with something real behind it: the world the matrix walks through."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from django.core.files.base import ContentFile
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from letters.models import CaseExport, ExportState, Letter, LetterBatch, LetterText
from letters.previews import asking
from pulje.actions.casework import scenario as scenarios
from pulje.actions.meeting.packet import ask_for_packet
from pulje.enums import AttachmentKind, Distribution, MemberRole, PacketKind
from pulje.models import (
    Absence,
    Application,
    Attachment,
    ConflictQuestion,
    Gate,
    Job,
    MemberQuestion,
    Membership,
    Packet,
    Partner,
    Payment,
    Question,
    SavedView,
    Tie,
)
from pulje.states import CaseState
from tests import people
from tests.factories import a_meeting, case_in, walk_to

S = CaseState
NOBODY = "00000000-0000-0000-0000-000000000000"


def addresses() -> list[tuple[str, str]]:
    """(name, pattern) of every page of ours; the administrator's site has tests of its own."""
    return sorted(_walk(get_resolver(), "", ""))


def _walk(resolver: URLResolver, before: str, space: str) -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        pattern = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield f"{space}{entry.name or pattern}", pattern
        elif entry.namespace != "admin":
            yield from _walk(entry, pattern, f"{entry.namespace}:" if entry.namespace else space)


class World:
    """Asta's case (Karl's work) and one of each thing an address may name."""

    def __init__(self) -> None:
        now, today = timezone.now(), timezone.localdate()
        self.case = case_in(S.SUBMITTED)
        self.pool, self.version = self.case.pool, self.case.version
        self.pool.is_public = True
        self.pool.save()
        paid = walk_to(S.ACCEPTED, requested_kr=Decimal(40_000))
        paid.pay()
        big = case_in(S.RECOMMENDED, requested_kr=Decimal(40_000))
        held = a_meeting([big])
        asked = ConflictQuestion.objects.create(
            meeting=held,
            application=big,
            person=people.person("Muhammed"),
            reason="Naboer",
            raised_at=now,
            raised_by=people.sanne(),
        )
        agenda = ask_for_packet(held, kind=PacketKind.AGENDA, by=None, at=now)
        facts = {"kind": PacketKind.MINUTES, "number": 1, "facts": agenda.facts, "asked_at": now}
        held.packets.create(**facts)
        agenda.files.create(is_open=False, format="PDF", sha256="0" * 64, content=b"%PDF")
        public = _a_public_meeting(agenda)
        case_in(S.REVIEWED, pool=self.pool)
        numbers = {"step_kr": 100}
        made = scenarios.make_scenario(
            self.case.round,
            by=people.karl(),
            at=now,
            name="Efter point",
            method=Distribution.BY_POINTS,
            numbers=numbers,
        )
        file, shown = _a_file(self.case), _a_file(big)
        later = held.committee.meetings.create(held_at=now + timedelta(days=30), address="senere")
        member_asked = MemberQuestion.objects.create(
            item=later.items.create(application=self.case, position=1),
            text="Er lokalet frit?",
            asked_at=now,
            asked_by=people.mads(),
        )
        partner = Partner.objects.create(application=self.case, position=1, name="Biblioteket")
        seat = Membership.objects.create(
            applicant=self.case.applicant,
            user=people.person("Olga"),
            role=MemberRole.WRITER,
            started_on=today,
        )
        gate = Gate.objects.create(
            version=self.version, position=1, question="?", statement="Ja.", advice="Ring."
        )
        question = Question.objects.create(
            version=self.version, position=1, key="hvor", kind="TEXT", label="Hvor?"
        )
        away = Absence.objects.create(
            user=people.rie(),
            substitute=people.karl(),
            from_on=today,
            until_on=today + timedelta(days=3),
        )
        mine = {"user": people.karl(), "name": "Mine"}
        view = SavedView.objects.create(**mine, path="/sag/", query="vis=mine")
        job = Job.objects.create(action="assign", started_at=now, started_by=people.karl())
        tie = Tie.objects.create(user=people.karl(), name="Holte Kor", relation="Kasserer")
        sent = LetterBatch.objects.create(name="Breve", made_by=people.karl(), made_at=now)
        letter = Letter.objects.filter(application=paid.case).order_by("pk")[0]
        pay = Payment.objects.get(application=paid.case)
        criterion = self.version.criteria.order_by("position")[0]
        case, batch, meeting = {"pk": self.case.pk}, {"pk": pay.batch_id}, {"pk": held.pk}
        papers = {"attachment": file.pk, "partner": partner.pk, "seat": seat.pk}
        self.by_start = [
            (
                "ansoeg/foreninger/<",
                {"pk": self.case.applicant_id, "seat": seat.pk, "verb": "leave"},
            ),
            ("ansoeg/", {**case, **papers}),
            ("sag/visninger/", {"pk": view.pk}),
            ("sag/fravaer/", {"pk": away.pk}),
            ("sag/mine-poster/", {"pk": tie.pk}),
            ("sag/eksport/", {"what": "sager", "kind": "csv"}),
            ("sag/arbejde/", {"pk": job.pk}),
            ("sag/ansoegere/", {"pk": self.case.applicant_id}),
            (
                "sag/puljer/<slug:slug>/fordeling/",
                {"pk": made.pk, "kind": "csv", "case": self.case.pk},
            ),
            ("sag/puljer/<slug:slug>/skema/spoerg", {"pk": question.pk}),
            ("sag/puljer/<slug:slug>/skema/betin", {"pk": gate.pk}),
            ("sag/puljer/<slug:slug>/skema/<slug:part>", {"pk": gate.pk, "part": "betingelse"}),
            (
                "sag/puljer/<slug:slug>/opsaet/<slug:part>",
                {"pk": criterion.pk, "part": "kriterier"},
            ),
            ("sag/puljer/", {"number": self.version.number}),
            ("sag/<int:pk>/svar/", {**case, "question": member_asked.pk}),
            (
                "sag/",
                {
                    **case,
                    **papers,
                    "number": 1,
                    "verb": "ask_for_information",
                    "answer": "withdraw",
                },
            ),
            (
                "udvalg/udvalg/",
                {"slug": held.committee.slug, "pk": held.committee.seats.order_by("pk")[0].pk},
            ),
            (
                "udvalg/moede/<int:pk>/forbered/",
                {**meeting, "case": big.pk, "point": held.points.get().pk},
            ),
            (
                "udvalg/moede/<int:pk>/pakke/",
                {**meeting, "packet": agenda.pk, "side": "lukket", "kind": "pdf"},
            ),
            ("udvalg/moede/<int:pk>/sag/", {**meeting, "position": 1, "attachment": shown.pk}),
            ("udvalg/", {**meeting, "position": 1, "question": asked.pk}),
            ("moeder/", public),
            ("udbetaling/", {**batch, "payment": pay.pk}),
            ("brev/ansoegning/", case),
            ("brev/sag/", case),
            ("brev/tekster/klage/", {"basis": "KFM"}),
            ("brev/tekster/", {"code": "AWARD", "pk": _a_text(today)}),
            ("brev/aflevering/", {"uuid": _an_export(self.case).uuid}),
            ("brev/forsendelse/", {"uuid": sent.uuid}),
            ("brev/", {"uuid": letter.uuid}),
        ]

    def path(self, pattern: str) -> str:
        """The address with real things in it: those of the longest beginning that fits."""
        fits = [fills for start, fills in self.by_start if pattern.startswith(start)]
        fills = {
            "slug": self.pool.slug,
            "token": "x",
            "key": NOBODY,
            "number": 1,
            "what": "frister",
        }
        fills |= fits[0] if fits else {}
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(fills[found[1]]), pattern)


def _an_export(case: Application) -> CaseExport:
    now = timezone.now()
    asked = {"cause": "access", "asked_at": now, "next_attempt_at": now}
    failed = {"state": ExportState.FAILED, "failure": "Mappen er væk."}
    return CaseExport.objects.create(application=case, **asked, **failed)


def _a_text(today: date) -> int:
    """A letter's text whose preview is made already, so that nobody waits for a worker."""
    text = LetterText.objects.filter(kind="AWARD").order_by("pk")[0]
    preview = asking.preview_of(text, "", asking.Choices(), today)
    asking.hand_over(preview.key, asking.Drawn(b"%PDF", (b"PNG",)), 60)
    return text.pk


def _a_file(case: Application) -> Attachment:
    return Attachment.objects.create(
        application=case,
        kind=AttachmentKind.OTHER,
        file=ContentFile(b"Hej", name="hej.txt"),
        name="hej.txt",
        content_type="text/plain",
        size=3,
        sha256="0" * 64,
        uploaded_at=timezone.now(),
        uploaded_by=people.asta(),
    )


def _a_public_meeting(agenda: Packet) -> dict[str, object]:
    """A meeting the day before with the same agenda, locked, and what its address says."""
    committee, now = agenda.meeting.committee, timezone.now()
    held_at = now - timedelta(days=1)
    day = f"{timezone.localdate(held_at):%Y-%m-%d}"
    said = {"held_at": held_at, "address": day, "state": "LOCKED", "locked_at": now}
    packet = committee.meetings.create(**said).packets.create(
        kind=PacketKind.AGENDA, number=1, facts=agenda.facts, asked_at=now, state="READY"
    )
    packet.files.create(is_open=True, format="PDF", sha256="0" * 64, content=b"%PDF")
    return {"slug": committee.slug, "day": day, "kind": "dagsorden", "suffix": "pdf"}
