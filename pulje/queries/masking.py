"""What everybody may read of a case: no person's name, no address of anybody, no number.

Source: tavshedspligt (forvaltningsloven § 27), databeskyttelsesforordningen; an open agenda names
associations, never private persons (design: "Navne på enkeltpersoner viser vi ikke").
"""

import re
from collections.abc import Iterable

from pulje.enums import ApplicantKind
from pulje.models import Applicant, Application
from pulje.queries.pool.support import is_personal

NO_NAME, NO_MAIL, NO_NUMBER = "(navn udeladt)", "(e-mail udeladt)", "(nummer udeladt)"
_MAIL = re.compile(r"[^\s@<>(),;]+@[^\s@<>(),;]+\.\w+")
# CPR numbers, telephone numbers and CVR numbers; an amount is written with dots or "kr."
_NUMBER = re.compile(
    r"(?<![\d.,])(?:\d{6}-?\d{4}|(?:\+45 ?)?\d{2} ?\d{2} ?\d{2} ?\d{2})(?![\d.,]\d|\d)"
)


def applicant_name(applicant: Applicant, *, is_open: bool) -> str:
    """The applicant as the reader may know it: a person is only of which kind."""
    if is_open and is_personal(applicant):
        return str(ApplicantKind(applicant.kind).label)
    return applicant.name


def with_kind(applicant: Applicant, *, is_open: bool) -> str:
    """Such as "Naboerne (forening)"; a person's kind is said once."""
    name = applicant_name(applicant, is_open=is_open)
    kind = str(ApplicantKind(applicant.kind).label)
    return name if name == kind else f"{name} ({kind.lower()})"


def masked(text: str, case: Application) -> str:
    """The text without the names of people the case knows, mail addresses and numbers."""
    for name in sorted(_names(case), key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(name)}(?:s|'s|’s)?\b", NO_NAME, text, flags=re.IGNORECASE)
    return _NUMBER.sub(NO_NUMBER, _MAIL.sub(NO_MAIL, text))


def _names(case: Application) -> set[str]:
    """Names in full, and as first and last name; of a person's own case each name alone too."""
    people = [case.contact_name, *(user.name for user in case.applicant.members.all())]
    people += [partner.leader_name for partner in case.partners.all()]
    alone = is_personal(case.applicant)
    if alone:
        people.append(case.applicant.name)
    return {name for person in people for name in _ways_to_say(person.split(), alone=alone)}


def _ways_to_say(parts: list[str], *, alone: bool) -> Iterable[str]:
    if not parts:
        return
    yield " ".join(parts)
    yield f"{parts[0]} {parts[-1]}" if len(parts) > 1 else parts[0]
    if alone:
        yield from (part for part in parts if len(part) > 2)
