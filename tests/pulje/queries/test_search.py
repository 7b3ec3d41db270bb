"""Finding cases by words, numbers, applicants and names of files; and by what looks like them."""

import hashlib

import pytest
from django.db import connection
from django.utils import timezone

from pulje.enums import AttachmentKind
from pulje.models import Applicant, Application, Attachment
from pulje.queries.search import applicants, found, nearly_found, words_in
from pulje.states import CaseState
from tests import people
from tests.factories import a_pool, an_applicant, case_in

pytestmark = pytest.mark.django_db
S = CaseState
HOSTILE = (
    "' & | :* <->",
    "((",
    "\\",
    "%_%",
    "!",
    "q:*w",
    "''':*Q",
    "\u200f²",
    "🎭",
    "og",
    "",
    "-" * 400,
)


def a_file(case, name):
    return Attachment.objects.create(
        application=case,
        kind=AttachmentKind.OTHER,
        file="x",
        name=name,
        content_type="application/pdf",
        size=1,
        sha256=hashlib.sha256(name.encode()).hexdigest(),
        uploaded_at=timezone.now(),
        uploaded_by=people.asta(),
    )


def test_cases_are_found_by_every_kind_of_word():
    friends = an_applicant(name="Birkerød Lektievenner")
    choir = an_applicant(name="Vedbæk Havnekor")
    old = an_applicant(name="Gammelt Sangkor", cvr="")
    old.merged_into, old.merged_at = choir, timezone.now()
    old.save()
    help_ = case_in(S.SUBMITTED, title="Lektiecafé to aftener", applicant=friends)
    song = case_in(
        S.SUBMITTED,
        title="Børn/unge synger på havnen",
        applicant=choir,
        description="Foreningerne mødes til en e-mail-fri aften.",
    )
    reach = {"contact_name": "Vibeke Toft", "contact_email": "vibeke-t@kor.example"}
    Application.objects.filter(pk=song.pk).update(**reach, contact_phone="+45 40 12 34 56")
    Applicant.objects.filter(pk=friends.pk).update(phone="4876 5432", email="post@lektie.example")
    cvr, (code, year, nth) = friends.cvr, help_.number.split("-")
    a_file(help_, "min_vedtaegt-2026.underskrevet.pdf")
    a_file(song, "referat generalforsamling.docx")
    table = {
        "lektiecafé": {help_},
        "lektie": {help_},  # a word's beginning, in title or applicant
        "LEKTIECAFÉEN": {help_},  # a Danish ending
        "aften": {help_, song},
        "foreningen": {song},
        "unge": {song},
        "børn synge": {song},
        "birkerød aftener": {help_},  # one word in each place
        "birkerød havnen": set(),
        help_.number: {help_},
        help_.number.lower(): {help_},
        " ".join(help_.number.split("-")[:2]): {help_},
        song.number[-8:]: {song, help_} if song.number[-8:] == help_.number[-8:] else {song},
        friends.cvr: {help_},
        friends.cvr[:6]: {help_, song} if friends.cvr[:6] == choir.cvr[:6] else {help_},
        "underskrevet": {help_},  # names of files, whatever stands between the words
        "vedtaegt 2026": {help_},
        "generalforsamling.docx": {song},
        "gammelt sangkor": {song},  # the one it was merged into has the cases
        "lektie og aften": {help_},
        "harzen": set(),
        "vibeke toft": {song},  # whom to reach, and where
        "vibeke-t@kor.example": {song},
        "40123456": {song},
        "40 12 34 56": {song},
        "+45 4012 3456": {song},
        "tlf 48 76 54 32": set(),  # every word, still
        "48765432": {help_},
        "post@lektie.example": {help_},
        f"{cvr[:2]} {cvr[2:4]} {cvr[4:6]} {cvr[6:]}": {help_},
        f"{code.lower()}{year}{nth}": {help_},  # a number as people write it
        f"{code} {year} {int(nth)}": {help_},
        f"{year} {nth}": {help_} | ({song} if song.number.endswith(nth) else set()),
    }

    cases = Application.objects.submitted()
    for typed, wanted in table.items():
        assert set(found(cases, typed)) == wanted, typed
    assert list(found(cases.exclude(pk=help_.pk), "lektie")) == []

    for typed in ("lektiecafe", "lektiecefe", "Birkrød", "lektivenner", "birkerod lektecafé"):
        assert set(nearly_found(cases, typed)) == {help_}, typed
    for typed in ("zzzqqq", "xy", ""):
        assert not nearly_found(cases, typed).exists(), typed
    for typed in HOSTILE:
        assert not found(cases, typed).exists(), typed
        assert not nearly_found(cases, typed).exists(), typed

    assert list(applicants("havnekor")) == list(applicants("sangkor")) == [choir]
    assert list(applicants("havnekår")) == [choir]
    assert list(applicants(friends.cvr)) == list(applicants("4876 5432")) == [friends]
    assert list(applicants("og")) == []


def test_a_number_written_together_is_read_from_each_year_in_it():
    pool = a_pool(code="P1208", year=2027)
    case = case_in(S.SUBMITTED, pool=pool)
    for typed in ("p12082027001", "p1208 2027 1", "P1208-2027-001", "p12082027-1"):
        assert set(found(Application.objects.all(), typed)) == {case}, typed


def test_words_are_what_can_be_found():
    assert words_in("Sang- og musik_2026") == ["sang", "musik", "2026"]
    assert len(words_in("ord " * 50)) == 8


def test_a_search_reads_the_indexes():
    sql, params = found(Application.objects.all(), "havedag").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off; set local enable_indexscan = off")
        cursor.execute(f"explain {sql}", params)
        plan = "\n".join(row for (row,) in cursor.fetchall())

    for index in ("application_words", "applicant_words", "attachment_words"):
        assert index in plan, plan
