import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

from pulje.actions.journal import broken_entries, fingerprint, note_down
from pulje.models import JournalEntry
from pulje.states import CaseState
from tests import people
from tests.factories import case_in
from tests.pulje.actions.telling import again

S = CaseState


@pytest.fixture
def tampering():
    """Somebody with the database's own rights takes the guard away, until the test's rollback."""
    with connection.cursor() as cursor:
        cursor.execute("alter table pulje_journalentry disable trigger append_only")


def test_each_line_carries_the_hash_of_the_one_before():
    case = case_in(S.APPROVED)

    lines = list(case.journal.order_by("number"))

    assert [line.number for line in lines] == [1, 2, 3, 4, 5]
    assert [line.previous_hash for line in lines] == ["", *(line.hash for line in lines[:-1])]
    assert all(line.hash == fingerprint(line) for line in lines)
    assert case.journal_head == lines[-1].hash


def test_note_down_moves_nothing_but_the_chain(now):
    case = case_in(S.SUBMITTED)

    entry = note_down(case, "note", by=people.karl(), at=now, data={"note": 7})

    assert (entry.from_state, entry.to_state, entry.data) == (S.SUBMITTED, S.SUBMITTED, {"note": 7})
    assert again(case).journal_head == entry.hash == case.journal_head
    assert broken_entries([case]) == []


def test_verify_journal_says_when_all_is_whole(capsys):
    case_in(S.CLOSED)
    case_in(S.DRAFT)

    call_command("verify_journal")

    assert capsys.readouterr().out == "Journalen er hel i 1 sager.\n"


@pytest.mark.usefixtures("tampering")
@pytest.mark.parametrize(
    "change",
    [
        {"by": None},
        {"event": "note"},
        {"to_state": "REJECTED"},
        {"data": {"amount_kr": "9000.00"}},
        {"on_behalf_of": "Ulla"},
        {"previous_hash": "0" * 64},
        {"hash": "0" * 64},
    ],
    ids=lambda change: next(iter(change)),
)
def test_verify_journal_finds_a_changed_line(change, capsys):
    case, other = case_in(S.APPROVED), case_in(S.SUBMITTED)
    JournalEntry.objects.filter(application=case, number=5).update(**change)

    with pytest.raises(CommandError, match="brud på journalen"):
        call_command("verify_journal")

    assert f"{case}: linje 5" in (told := capsys.readouterr().err)
    assert str(other) not in told


@pytest.mark.usefixtures("tampering")
@pytest.mark.parametrize(
    ("number", "sentence"), [(2, "linje 2 mangler"), (6, "journalens sidste linjer mangler")]
)
def test_verify_journal_finds_a_line_taken_away(now, number, sentence, capsys):
    case = case_in(S.APPROVED)
    note_down(case, "note", by=people.karl(), at=now)
    case.journal.filter(number=number).delete()

    with pytest.raises(CommandError, match="1 brud"):
        call_command("verify_journal", case.number)

    assert sentence in capsys.readouterr().err


def test_verify_journal_looks_only_at_the_cases_named(capsys):
    named = case_in(S.SUBMITTED)
    case_in(S.SUBMITTED)

    call_command("verify_journal", named.number)

    assert "i 1 sager" in capsys.readouterr().out


@pytest.mark.parametrize("table", ["pulje_journalentry", "pulje_ledgerentry"])
@pytest.mark.parametrize("deed", ["update {} set by_id = null", "delete from {}"])
def test_database_refuses_to_change_what_was_written(table, deed):
    case_in(S.APPROVED)

    with (
        pytest.raises(DatabaseError, match=f"{table} is append-only: write a new row instead"),
        connection.cursor() as cursor,
    ):
        cursor.execute(deed.format(table))
