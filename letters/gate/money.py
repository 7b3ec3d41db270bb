"""The gate's line about money: one amount in letter, decision, ledger, minutes and payments."""

from collections.abc import Mapping
from decimal import Decimal

from letters.gate.found import Found, lacks, ok, unneeded
from letters.gate.matter import Matter, kr, ruling_of
from pulje.rules.budget import outstanding, paid
from pulje.templatetags.words import kr_text

LETTER, DECISION, LEDGER, MINUTES, PAYMENTS, CASE = (
    "brevet",
    "afgørelsen",
    "kassebogen",
    "referatet",
    "raterne",
    "sagen",
)


def unlike(amounts: Mapping[str, Decimal | None]) -> list[str]:
    """The names whose amount is not the first one's; what is not there (None) says nothing.

    Source: states.md, Money (letter, decision and ledger carry one amount); local config.
    """
    told = {name: amount for name, amount in amounts.items() if amount is not None}
    first = next(iter(told.values()), None)
    return [name for name, amount in told.items() if amount != first]


def amount(m: Matter) -> Found:
    """Source: forvaltningsloven § 2; bevillingsreglerne (kommunestyrelsesloven § 40, stk. 2)."""
    if m.claim is not None:
        return _claimed(m)
    if not m.is_ruling:
        return _named_again(m)
    found = amounts_of(m)
    if found[LETTER] is None:
        return lacks("Brevet nævner intet beløb.", "Lav brevet igen.", m.page_url)
    if differing := unlike(found):
        told = ", ".join(f"{kr_text(found[name])} i {name}" for name in differing)
        sentence = f"{kr_text(found[LETTER])} i brevet, men {told}."
        return lacks(
            sentence, _cure(differing), m.page_url if DECISION in differing else m.case_url
        )
    agree = [name for name, is_there in found.items() if is_there is not None]
    return ok(f"{kr_text(found[LETTER])} i {_listed(agree)}.")


def _named_again(m: Matter) -> Found:
    """A letter that neither gives nor claims may still name what was granted."""
    said = kr(m.facts.get("granted_kr") or m.facts.get("amount_kr"))
    if said is None or m.decision is None:
        return unneeded("Brevet giver eller kræver ingen penge.")
    if said != m.decision.amount_kr:
        sentence = f"{kr_text(said)} i brevet, men {kr_text(m.decision.amount_kr)} i afgørelsen."
        return lacks(sentence, _cure([DECISION]), m.page_url)
    return ok(f"{kr_text(said)} i brevet og afgørelsen.")


def amounts_of(m: Matter) -> dict[str, Decimal | None]:
    """Kr. by where they stand, the letter's first; None where nothing is said."""
    d = m.decision
    assert d is not None
    sums = [(row["kind"], Decimal(row["kr"])) for row in m.letter.ledger]
    ruling = ruling_of(m)
    return {
        LETTER: kr(m.facts.get("amount_kr")),
        DECISION: d.amount_kr,
        CASE: (m.case.granted_kr or Decimal(0)) if d.is_current else None,
        LEDGER: outstanding(sums) + paid(sums) if d.is_current else None,
        MINUTES: kr(ruling["kr"]) if ruling and d.is_current else None,
        PAYMENTS: _planned(m),
    }


def _planned(m: Matter) -> Decimal | None:
    """All instalments that stand, once those of this decision are planned; none before the yes."""
    assert m.decision is not None
    rows = m.letter.payments
    if not m.decision.is_current or all(row["decision"] != m.decision.pk for row in rows):
        return None
    return sum((Decimal(row["kr"]) for row in rows), Decimal(0))


def _claimed(m: Matter) -> Found:
    assert m.claim is not None
    said, claimed = kr(m.facts.get("amount_kr")), m.claim.amount_kr
    has_got = paid([(row["kind"], Decimal(row["kr"])) for row in m.letter.ledger])
    if said != claimed:
        sentence = f"{kr_text(said or Decimal(0))} i brevet, men {kr_text(claimed)} i kravet."
        return lacks(sentence, "Lav brevet igen.", m.page_url)
    if claimed > has_got:
        sentence = f"Kravet er {kr_text(claimed)}, men der er kun udbetalt {kr_text(has_got)}."
        return lacks(sentence, "Afslut kravet, og foreslå et nyt på det rette beløb.", m.case_url)
    return ok(f"{kr_text(claimed)} i brevet og kravet, og der er udbetalt {kr_text(has_got)}.")


def _cure(differing: list[str]) -> str:
    if DECISION in differing:
        return "Lav brevet igen, så det siger det, afgørelsen siger."
    if MINUTES in differing:
        return "Ret beslutningen i mødets referat, eller afgør sagen på ny."
    return "Sagens penge er flyttet siden afgørelsen. Afgør sagen på ny, så der laves et nyt brev."


def _listed(names: list[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} og {last}" if first else last
