"""`manage.py check_letters`: silent on letters that are as they were made; names the others."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from letters import actions
from letters.models import Letter, LetterState
from pulje.states import CaseState
from tests import factories

pytestmark = pytest.mark.django_db


def said(**options: object) -> tuple[str, str]:
    """What the command wrote, and what it failed with."""
    out, failed = StringIO(), ""
    try:
        call_command("check_letters", stdout=out, stderr=out, **options)
    except CommandError as reason:
        failed = str(reason)
    return out.getvalue(), failed


def test_letters_are_checked_and_the_spoiled_are_named(guidance: object) -> None:
    factories.case_in(CaseState.APPROVED)
    letters = [letter for letter in Letter.objects.order_by("pk") if actions.render(letter.pk)]
    kept = letters[-1]
    kept.refresh_from_db()
    assert kept.state != LetterState.QUEUED
    assert said() == (f"{len(letters)} letters are in order.\n", "")
    assert said(sample=1) == ("1 letters are in order.\n", "")

    def spoil(table: str, change: str) -> list[str]:
        key = "letter_id" if table == "letters_paper" else "id"
        with connection.cursor() as cursor:
            cursor.execute("set session_replication_role = replica")  # past the triggers
            cursor.execute(f"update {table} set {change} where {key} = %s", [kept.pk])
            cursor.execute("set session_replication_role = default")
        told, failed = said()
        assert failed == f"1 of {len(letters)} letters are not in order."
        assert told.startswith(f"{kept.uuid}: ")
        return told.strip().removeprefix(f"{kept.uuid}: ").split("; ")

    assert spoil("letters_letter", "facts = jsonb_set(facts, '{number}', '\"X\"')") == [
        "the facts are not those that were frozen",
        "afgoerelse.json in the PDF does not hold the facts",
    ]
    spoil("letters_paper", "pdf = overlay(pdf placing '\\x00' from 3000)")
    told = spoil("letters_paper", "pdf = '\\x25504446'")
    assert told[1:] == [
        "the PDF is not the one that was made",
        "the PDF cannot be read",
    ]
