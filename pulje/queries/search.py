"""Finding cases by words, numbers, applicants and names of files; and by what looks like them.

Every part is read by an index of its own and gives ids; a join with OR would read every case.
"""

import re
from collections.abc import Sequence
from typing import cast

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from pulje.models import Applicant, Application, Attachment, JournalEntry
from pulje.models.applicant import APPLICANT_WORDS
from pulje.models.application import CASE_WORDS, FILE_WORDS, ApplicationQuerySet
from pulje.models.fields import BARE_LETTERS, LETTERS, Bare

WORD = re.compile(r"[^\W_]+")
NUMBER = re.compile(r"[^-\s]+-\d{4}-\d+")  # of a case
# what ends a number as people write it: fp 2026 9
YEAR_IN_NUMBER = re.compile(r"(?=[-\s]*(20\d\d)[-\s]*(\d{1,6})$)")
# a telephone or CVR number typed with spaces; "2026 0001" is a year and a number
SPACED = re.compile(r"(?<!\S)(?:(?:\+|00)45 ?)?(?!20\d\d \d{4}\b)(\d(?: ?\d){7})(?!\S)")
MOVED = "pool_moved"  # its old number stands in the journal (actions/application/move_pool.py)
# words that PostgreSQL's Danish dictionary leaves out: nothing can be found by them
LEFT_OUT = frozenset(
    WORD.findall("""
    og i jeg det at en den til er som på de med han af for ikke der var mig sig men et har om vi
    min havde ham hun nu over da fra du ud sin dem os op man hans hvor eller hvad skal selv her alle
    vil blev kunne ind når være dog noget ville jo deres efter ned skulle denne end dette mit også
    under have dig anden hende mine alt meget sit sine vor mod disse hvis din nogle hos blive mange
    ad bliver hendes været thi jer sådan""")
)
MOST_WORDS, LONGEST_WORD = 8, 60
BARE = str.maketrans(LETTERS, BARE_LETTERS)
NEAR = "0.5"  # how much of a word's groups of three letters must be there: one slip in five letters


def words_in(typed: str) -> list[str]:
    """What was typed as words that can be found, whatever stood between them."""
    typed = SPACED.sub(lambda number: number[1].replace(" ", ""), typed.lower())
    words = [word for word in WORD.findall(typed) if word not in LEFT_OUT]
    return [word[:LONGEST_WORD] for word in words[:MOST_WORDS]]


def found(cases: ApplicationQuerySet, typed: str) -> ApplicationQuerySet:
    """Those of the cases that hold every word, each by its beginning and in any Danish ending.

    A word may stand in the case, in its applicant's name or number, in a name, an address or a
    telephone number of either, or in the name of a file. A whole case number, however it is
    written, finds that case alone, also one it had before it was moved.
    """
    if numbered := _numbered(typed.strip().upper()):
        return cases.filter(pk__in=numbered)
    words = words_in(typed)
    for word in words:
        cases = cases.filter(pk__in=_with_word(f"{word}:*"))
    return cases if words else cases.none()


def _numbered(number: str) -> list[int]:
    readings = [number, *_readings(number)]
    found = Application.objects.filter(number__in=readings).values_list("pk", flat=True)
    once = JournalEntry.objects.filter(event=MOVED, data__from_number__in=readings)
    older = once.values_list("application", flat=True) if NUMBER.fullmatch(readings[-1]) else ()
    return list(found) or list(older[:1])


def _readings(typed: str) -> list[str]:
    """The case numbers that may be meant: P12082027001 holds a year at two places."""
    return [
        f"{typed[: year.start()]}-{year[1]}-{int(year[2]):03}"
        for year in YEAR_IN_NUMBER.finditer(typed)
        if re.fullmatch(r"[^-\s]+", typed[: year.start()])
    ]


def nearly_found(cases: ApplicationQuerySet, typed: str) -> ApplicationQuerySet:
    """Those whose title or applicant's name has words that look like each of those typed."""
    words = _words_to_be_near(typed)
    for word in words:
        cases = cases.filter(pk__in=_nearly(word))
    return cases if words else cases.none()


def applicants(typed: str) -> QuerySet[Applicant]:
    """The applicants with every word in name, number or address; if there are none, names like it.

    One that has been merged into another gives way to it.
    """
    words = words_in(typed)
    if not words:
        return Applicant.objects.none()
    named = Applicant.objects.filter(pk__in=_applicants_with(_query(words)))
    if not named.exists():
        near = _words_to_be_near(typed)
        named = Applicant.objects.all() if near else named
        for word in near:
            named = named.filter(pk__in=_living(_named_nearly(word)))
    return named.order_by("name", "pk")


def _words_to_be_near(typed: str) -> list[str]:
    with connection.cursor() as cursor:  # the operator's limit is a setting, the same everywhere
        cursor.execute("select set_config('pg_trgm.word_similarity_threshold', %s, false)", [NEAR])
    return [word.translate(BARE) for word in words_in(typed) if len(word) > 2]


def _with_word(prefix: str) -> QuerySet[Application]:
    query = SearchQuery(prefix, config="danish", search_type="raw")
    cases = Application.objects.alias(words=CASE_WORDS).filter(words=query)
    files = Attachment.objects.alias(words=FILE_WORDS).filter(words=query)
    theirs = Application.objects.filter(applicant__in=_applicants_with(query))
    return _any_of(cases.values("pk"), theirs.values("pk"), files.values("application"))


def _nearly(word: str) -> QuerySet[Application]:
    cases = Application.objects.alias(bare=Bare("title")).filter(bare__trigram_word_similar=word)
    theirs = Application.objects.filter(applicant__in=_living(_named_nearly(word)))
    return _any_of(cases.values("pk"), theirs.values("pk"))


def _named_nearly(word: str) -> QuerySet[Applicant]:
    return Applicant.objects.alias(bare=Bare("name")).filter(bare__trigram_word_similar=word)


def _applicants_with(query: SearchQuery) -> QuerySet[Applicant]:
    return _living(Applicant.objects.alias(words=APPLICANT_WORDS).filter(words=query))


def _living(applicants: QuerySet[Applicant]) -> QuerySet[Applicant]:
    """The ids; of who was merged, the one who has the cases now."""
    living = Coalesce("merged_into__merged_into", "merged_into", "pk")
    return applicants.values_list(living)


def _any_of(first: QuerySet, *others: QuerySet) -> QuerySet[Application]:
    return cast(QuerySet[Application], first.union(*others, all=True))


def _query(words: Sequence[str]) -> SearchQuery:
    prefixes = " & ".join(f"{word}:*" for word in words)
    return SearchQuery(prefixes, config="danish", search_type="raw")
