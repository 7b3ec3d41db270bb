"""Why a committee of the demo gives what it gives: criterion, main consideration, facts.

Source: forvaltningsloven §§ 22, 24: the reasons name the rule, what weighed most, and the facts.
"""

from decimal import Decimal

from pulje.enums import LineKind
from pulje.models import Application, Ground
from pulje.templatetags.words import kr_text

PLAN, AGREED, SCARCE = "Afsnit 3.5", "Afsnit 3.4", "Afsnit 5.1"
# what no project of the demo is: for the members alone, abroad, fees, equipment
FIT_ALL = (PLAN, AGREED, SCARCE)


def fitting(case: Application, ground: Ground) -> Ground:
    """The ground, or where it says what the project is not, the one about the plan."""
    if ground.is_favourable or (ground.section in FIT_ALL and not _contradicts(case, ground)):
        return ground
    rows = case.version.grounds.filter(is_favourable=False)
    return rows.filter(section=PLAN).first() or rows.get(section=SCARCE)


def reasons_of(case: Application, ground: Ground, amount_kr: Decimal) -> str:
    """Two or three short paragraphs about this very project."""
    if amount_kr <= 0:
        told = _refused(case, ground)
    elif amount_kr < case.requested_kr:
        told = _less(case, amount_kr)
    else:
        told = (_weighs(case), f"{_measured(ground)}{ground.text}")
    return "\n\n".join(told)


def _contradicts(case: Application, ground: Ground) -> bool:
    return ground.section == AGREED and case.partners.exists()


def _weighs(case: Application) -> str:
    return (
        f"Vi har lagt mest vægt på, at {case.volunteers} frivillige bærer projektet, og at det er"
        f" for mange: {case.target_group[:1].lower()}{case.target_group[1:]}, i alt omkring"
        f" {case.participants} deltagere."
    )


def _measured(ground: Ground) -> str:
    """The criterion the reason is about; a ground of the money has none."""
    place = ground.section.lower()
    if ground.criterion is None:
        return f"Vi har brugt retningslinjernes {place}. "
    return f"Vi har set på kriteriet ”{ground.criterion.name}” ({place}). "


def _less(case: Application, amount_kr: Decimal) -> tuple[str, ...]:
    costs = case.budget_lines.filter(kind=LineKind.EXPENSE).order_by("-amount_kr")
    names = [f"{line.text[:1].lower()}{line.text[1:]}" for line in costs]
    first, rest = names[0], " og ".join(names[1:])
    kept = f"Vi har lagt vægt på, at projektet kan holdes, når der er penge til {first}."
    saved = f" Der kan spares på {rest}." if rest else ""
    return (
        _weighs(case),
        f"Der er søgt om mere, end puljen har, og pengene skal spredes på flere"
        f" ({SCARCE.lower()}). Derfor giver vi {kr_text(amount_kr)} af de"
        f" {kr_text(case.requested_kr)}, der er søgt om. {kept}{saved}",
    )


def _refused(case: Application, ground: Ground) -> tuple[str, ...]:
    if ground.section == SCARCE:
        return (
            f"Der er søgt om mere, end puljen har ({SCARCE.lower()}). Vi har derfor valgt de"
            " ansøgninger, der fik flest point efter puljens kriterier.",
            f"”{case.title}” har {case.volunteers} frivillige og omkring {case.participants}"
            " deltagere, og det taler for projektet. Vi har lagt mest vægt på, at kriterierne kun"
            " er nævnt kort i ansøgningen, så den fik færre point end dem, der fik tilskud.",
        )
    lacks = (
        "hvem andre der er med, og hvad de har lovet"
        if ground.section == AGREED
        else "hvem der gør hvad hvornår, og hvordan udgifterne er regnet ud"
    )
    return (
        f"{_measured(ground)}{ground.text}",
        f"Ansøgningen fortæller, at ”{case.title}” er for omkring {case.participants} deltagere og"
        f" har {case.volunteers} frivillige. Den fortæller ikke, {lacks}. Det har vi lagt mest vægt"
        f" på, fordi der er søgt om {kr_text(case.requested_kr)}",
    )
