"""The library of reasons and terms that this year's pools have."""

from collections.abc import Iterable

from pulje.enums import PhraseKind
from pulje.models import Phrase, PoolVersion

# the section of the ground it belongs to, its name, its text
REASONS = (
    (
        "Afsnit 3.1",
        "Mest honorarer",
        "Det meste af budgettet går til honorarer, og kun få frivillige er med. Puljen er til det,"
        " frivillige selv gør.",
    ),
    (
        "Afsnit 3.5",
        "Planen mangler noget",
        "Vi kan ikke se, hvad der skal ske hvornår, og hvad det koster. I er velkomne til at søge"
        " igen med en plan, der er gennemarbejdet.",
    ),
    (
        "Afsnit 5.1",
        "Pengene er få",
        "Der er søgt om mere, end puljen har. Derfor får nogle mindre, end de har søgt om, så flere"
        " kan være med.",
    ),
)
CONDITIONS = (
    ("Nævn støtten", "Skriv på plakater og hjemmeside, at kommunen har støttet projektet."),
    ("Åbent for alle", "Aktiviteten skal annonceres, så alle i området kan være med."),
)


def make_phrases(versions: Iterable[PoolVersion]) -> None:
    """Each pool has them as its own, under its own grounds."""
    for version in versions:
        grounds = {
            row.section: row for row in version.grounds.filter(is_favourable=False).order_by("-pk")
        }
        rows = [
            Phrase(kind=PhraseKind.REASONS, name=name, text=text, ground=grounds[section])
            for section, name, text in REASONS
        ]
        rows += [
            Phrase(kind=PhraseKind.CONDITIONS, name=name, text=text) for name, text in CONDITIONS
        ]
        for row in rows:
            row.version = version
        Phrase.objects.bulk_create(rows)
