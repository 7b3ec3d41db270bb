"""What some of the demo's people have told of posts and ties; one touches a case under way."""

from collections.abc import Mapping
from datetime import date

from pulje.actions.casework.tie import tell_tie
from pulje.models import Application, User


def leave_ties(staff: Mapping[str, User]) -> None:
    """Rie is asked before she opens one case; the others' ties touch nothing open."""
    told = [
        ("mads", "Ravnsnæs Boldklub", "træner for børneholdet", date(2022, 8, 1), None),
        ("mads", "Ravnsnæs Grundejerforening", "formand", date(2017, 3, 1), date(2021, 3, 31)),
        ("dora", "Kammerkoret Sorgenfri", "korsanger", date(2019, 1, 1), None),
        ("karl", "Haveforeningen Solkrogen", "kasserer", date(2024, 4, 1), None),
    ]
    for who, name, relation, since, until in told:
        tell_tie(staff[who], by=staff[who], name=name, relation=relation, since=since, until=until)
    cases = Application.objects.filter(state="REVIEWED").exclude(conflicts__user=staff["rie"])
    case = cases.select_related("applicant").order_by("-pk").first()
    if case is not None:
        rie, name, cvr = staff["rie"], case.applicant.name, case.applicant.cvr
        relation, since = "suppleant i bestyrelsen", date(2021, 3, 1)
        tell_tie(rie, by=rie, name=name, cvr=cvr, relation=relation, since=since)
