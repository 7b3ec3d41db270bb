"""What may be seen of a case's assessment, by whom and when, and what the points come to.

While anybody's assessment is open nobody sees another's points, words or comment.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef
from django.db.models.functions import JSONObject

from pulje.enums import AssessmentState
from pulje.models import Application, Assessment, Criterion, PoolVersion, Score, User
from pulje.rules.scoring import MAX_POINTS, average_of, maximum, meets_n_of, spread

Given = tuple[str, int, str]  # who, points, words


@dataclass(frozen=True)
class CriterionLine:
    """A criterion with the points somebody may see; ``mean`` is None while there are none."""

    name: str
    question: str
    weight: int
    mean: Decimal | None = None
    given: Sequence[Given] = ()
    spread: int = 0

    @property
    def percent(self) -> int:
        """Of the most points there are, for a bar."""
        return round((self.mean or 0) * 100 / MAX_POINTS)

    @property
    def boxes(self) -> list[tuple[int, int]]:
        """(x, width) of one box of 20 px for each point, filled as far as the mean goes."""
        mean = self.mean or 0
        return [(23 * k, round(20 * min(max(mean - k, 0), 1))) for k in range(MAX_POINTS)]

    @property
    def least(self) -> int:
        return min(points for _who, points, _words in self.given)

    @property
    def most(self) -> int:
        return max(points for _who, points, _words in self.given)

    @property
    def has_words(self) -> bool:
        return any(words for _who, _points, words in self.given)


@dataclass(frozen=True)
class ReviewerLine:
    """How far one reviewer is; the comment is empty to those who may not read it."""

    name: str
    state: AssessmentState
    finished_at: datetime | None
    comment: str

    @property
    def is_open(self) -> bool:
        return self.state == AssessmentState.OPEN


@dataclass(frozen=True)
class Rule:
    """A pool's demand that ``needed`` of its criteria get ``points`` or more."""

    needed: int
    points: int
    of: int
    met: int
    is_judged: bool

    @property
    def is_met(self) -> bool:
        """Where nobody gave points there is nothing to judge the demand by."""
        return not self.is_judged or self.met >= self.needed


@dataclass(frozen=True)
class Panel:
    """The assessment as one person may see it."""

    criteria: Sequence[CriterionLine]
    reviewers: Sequence[ReviewerLine]
    points: int | None
    maximum: int
    rule: Rule | None

    @property
    def is_blind(self) -> bool:
        return any(row.is_open for row in self.reviewers)

    @property
    def missing(self) -> Sequence[str]:
        return [row.name for row in self.reviewers if row.is_open]

    @property
    def is_scored(self) -> bool:
        return any(row.mean is not None for row in self.criteria)

    @property
    def all_abstained(self) -> bool:
        return all(row.state == AssessmentState.ABSTAINED for row in self.reviewers)

    @property
    def has_several(self) -> bool:
        """More than one has given points, so that it is said who gave what."""
        return any(len(row.given) > 1 for row in self.criteria)

    @property
    def has_weights(self) -> bool:
        return len({row.weight for row in self.criteria}) > 1


CRITERION = JSONObject(**{name: name for name in ("id", "name", "question", "weight")})
REVIEW = JSONObject(
    **{name: name for name in ("id", "state", "comment", "finished_at", "reviewer_id")},
    name=F("reviewer__name"),
)
SCORE = JSONObject(
    **{name: name for name in ("criterion_id", "points", "words")}, review=F("assessment_id")
)
_CRITERIA = Criterion.objects.filter(version=OuterRef("version")).order_by("position")
_REVIEWS = Assessment.objects.filter(application=OuterRef("pk")).order_by("pk")
# only what is given is read: an open assessment has a draft, and no scores
_SCORES = Score.objects.filter(
    assessment__application=OuterRef("pk"), assessment__state=AssessmentState.DONE
).order_by("assessment")
COLUMNS = {
    "criteria": ArraySubquery(_CRITERIA.values(said=CRITERION)),
    "reviews": ArraySubquery(_REVIEWS.values(said=REVIEW)),
    "scores": ArraySubquery(_SCORES.values(said=SCORE)),
}


def panel_of(case: Application, user: User) -> Panel | None:
    """The assessment as ``user`` may see it, None when nobody was asked to assess: one query."""
    return panel_from(case, user, _read(case))


def panel_from(case: Application, user: User, row: Mapping[str, Any]) -> Panel | None:
    """``panel_of`` from a row of Application with ``COLUMNS``; reads the version, if not there."""
    reviews, scores = row["reviews"], row["scores"]
    if not reviews:
        return None
    is_blind = any(review["state"] == AssessmentState.OPEN for review in reviews)
    seen = [r for r in reviews if not is_blind or r["reviewer_id"] == user.pk]
    names = {review["id"]: review["name"] for review in seen}
    return Panel(
        criteria=_lines(row["criteria"], [one for one in scores if one["review"] in names], names),
        reviewers=[_reviewer(review, review in seen) for review in reviews],
        points=None if is_blind else case.points,
        maximum=maximum({one["id"]: one["weight"] for one in row["criteria"]}),
        rule=None if is_blind else _rule(case.version, row["criteria"], _means(scores)),
    )


def meets_rule(case: Application) -> Rule | None:
    """How the case stands to its pool's demand on points, None without one: one query.

    Source: local: "mindst to af fire kategorier" (domain.md A1, Bylivspuljen).
    """
    if not case.version.needs_criteria:
        return None
    row = _read(case)
    return _rule(case.version, row["criteria"], _means(row["scores"]))


def _read(case: Application) -> dict[str, Any]:
    return dict(Application.objects.filter(pk=case.pk).values(**COLUMNS).get())


def _means(scores: Sequence[dict[str, Any]]) -> Mapping[int, Decimal]:
    return average_of([{one["criterion_id"]: one["points"]} for one in scores])


def _lines(
    criteria: Sequence[dict[str, Any]], scores: Sequence[dict[str, Any]], names: Mapping[int, str]
) -> list[CriterionLine]:
    means = _means(scores)
    apart = spread([{one["criterion_id"]: one["points"]} for one in scores])
    given: dict[int, list[Given]] = {}
    for one in scores:
        said = (names[one["review"]], one["points"], one["words"])
        given.setdefault(one["criterion_id"], []).append(said)
    return [
        CriterionLine(
            *(one["name"], one["question"], one["weight"], means.get(one["id"])),
            given=given.get(one["id"], ()),
            spread=apart.get(one["id"], 0),
        )
        for one in criteria
    ]


def _reviewer(review: dict[str, Any], is_seen: bool) -> ReviewerLine:
    finished = review["finished_at"]
    return ReviewerLine(
        review["name"],
        AssessmentState(review["state"]),
        datetime.fromisoformat(finished) if finished else None,
        review["comment"] if is_seen else "",
    )


def _rule(
    version: PoolVersion, criteria: Sequence[object], means: Mapping[int, Decimal]
) -> Rule | None:
    if not version.needs_criteria:
        return None
    met = sum(meets_n_of({0: mean}, version.needs_points, 1) for mean in means.values())
    return Rule(version.needs_criteria, version.needs_points, len(criteria), met, bool(means))
