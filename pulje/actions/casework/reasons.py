"""The words of a recommendation, from the pool's own adopted criteria and phrases."""

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Avg
from django.utils.translation import gettext as _

from pulje.enums import AssessmentState, PhraseKind
from pulje.errors import RuleBroken
from pulje.models import Application, Ground, Phrase

WELL_MET = 2  # mean points of 0-3
MOST_NAMED = 3


def with_those_of_phrases(grounds: Sequence[Ground], phrases: Sequence[Phrase]) -> list[Ground]:
    """The grounds that are picked, and those the picked phrases belong to, each once."""
    found = {ground.pk: ground for ground in grounds}
    found |= {phrase.ground.pk: phrase.ground for phrase in phrases if phrase.ground is not None}
    return list(found.values())


def check_carried(
    application: Application,
    amount_kr: Decimal,
    grounds: Sequence[Ground],
    phrases: Sequence[Phrase] = (),
) -> None:
    """Refuse reasons that no rule of the case's own version carries, and a cut without one.

    Source: forvaltningsloven §§ 22-24: what is not wholly met must be given reasons that the rules
    carry (domain.md A8, the Sorø warning). Raises RuleBroken.
    """
    versions = {row.version_id for row in grounds} | {row.version_id for row in phrases}
    if versions - {application.version_id}:
        raise RuleBroken(_("En begrundelse skal stå i puljens egne, vedtagne kriterier."))
    if amount_kr >= (application.requested_kr or 0):
        return
    if all(ground.is_favourable for ground in grounds):
        raise RuleBroken(
            _("Når der ikke indstilles det hele, skal en af puljens begrundelser for det vælges.")
        )


def composed(
    application: Application,
    amount_kr: Decimal,
    grounds: Sequence[Ground],
    phrases: Sequence[Phrase] = (),
) -> str:
    """Reasons when nobody has written any: the phrases', else the grounds' own adopted texts.

    What is met in full needs no reasons (forvaltningsloven § 22, stk. 1): the criteria that are
    best met are named.
    """
    phrased = {phrase.ground_id for phrase in phrases}
    texts = [phrase.text for phrase in phrases if phrase.kind == PhraseKind.REASONS]
    texts += [ground.text for ground in grounds if ground.pk not in phrased]
    if texts:
        return " ".join(dict.fromkeys(texts))
    if amount_kr < (application.requested_kr or 0):
        return ""
    names = best_met(application)
    if not names:
        return _("Ansøgningen opfylder puljens kriterier.")
    *first, last = names
    listed = _("%(first)s og %(last)s") % {"first": ", ".join(first), "last": last}
    return _("Ansøgningen opfylder puljens kriterier, især: %s.") % (listed if first else last)


def best_met(application: Application) -> list[str]:
    """The names of the criteria with the most points, at most three, and at least 2 of 3 each."""
    done = application.assessments.filter(state=AssessmentState.DONE)
    rows = (
        application.version.criteria.filter(scores__assessment__in=done)
        .annotate(mean=Avg("scores__points"))
        .filter(mean__gte=WELL_MET)
        .order_by("-mean", "position")
    )
    return list(rows.values_list("name", flat=True)[:MOST_NAMED])
