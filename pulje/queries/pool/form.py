"""A pool's form as its case workers see it: the latest version, and whether it may be changed."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from pulje.models import Application, Gate, LineRule, Pool, PoolVersion, Question
from pulje.queries.application.questions import conditions_in_words, questions_of


def is_frozen(version: PoolVersion) -> bool:
    """True when an application has been submitted under the version: it stands as it is."""
    return Application.objects.submitted().filter(version=version).exists()


def newer_version(application: Application, today: date) -> PoolVersion | None:
    """The version in force when it is a later one than the draft was begun under."""
    in_force = application.pool.versions.filter(valid_from__lte=today).order_by("-number").first()
    return in_force if in_force and in_force.pk != application.version_id else None


@dataclass(frozen=True)
class PoolForm:
    """The latest version of a pool's form with its parts, and how many cases are under it."""

    version: PoolVersion
    questions: list[Question]
    conditions: dict[str, str]
    gates: list[Gate]
    line_rules: list[LineRule]
    submitted: int
    drafts: int
    is_coming: bool

    @property
    def rows(self) -> list[tuple[Question, str]]:
        """Each question with its condition in words."""
        return [(question, self.conditions.get(question.key, "")) for question in self.questions]

    @property
    def is_frozen(self) -> bool:
        return self.submitted > 0

    @property
    def next_number(self) -> int:
        return self.version.number + 1


def latest_version(pool: Pool) -> PoolVersion | None:
    """The version that is edited: the newest, whether or not it has begun."""
    return pool.versions.select_related("pool").order_by("-number").first()


def pool_form(version: PoolVersion, today: date) -> PoolForm:
    """All parts of one version: four queries."""
    questions = questions_of(version)
    counts = Application.objects.filter(version=version).aggregate(
        submitted=Count("pk", filter=Q(submitted_at__isnull=False)),
        drafts=Count("pk", filter=Q(submitted_at=None)),
    )
    return PoolForm(
        version=version,
        questions=questions,
        conditions=conditions_in_words(questions),
        gates=list(version.gates.order_by("position")),
        line_rules=list(version.line_rules.order_by("pk")),
        is_coming=version.valid_from > today,
        **counts,
    )


def newest_of_each_code() -> list[Pool]:
    """The latest year's pool of each code, by name."""
    newest = {pool.code: pool for pool in Pool.objects.order_by("year", "pk")}
    return sorted(newest.values(), key=lambda pool: (pool.name, pool.pk))


def other_pools(pool: Pool) -> list[tuple[str, str]]:
    """Code and name of the pools an applicant can be sent to instead, by name."""
    found = Pool.objects.filter(is_public=True, is_test=False).exclude(code=pool.code)
    names = dict(found.order_by("year").values_list("code", "name"))
    return sorted(names.items(), key=lambda named: named[1])
