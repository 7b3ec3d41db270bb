"""Every pool that has a case on an agenda gets its numbered item there."""

from django.db import migrations


def make_points(apps, schema_editor):
    item, point = (apps.get_model("pulje", name) for name in ("AgendaItem", "AgendaPoint"))
    pairs = item.objects.order_by("meeting", "position", "pk").values_list(
        "meeting_id", "application__pool_id"
    )
    rows, last = [], {}
    for meeting, pool in dict.fromkeys(pairs):
        last[meeting] = last.get(meeting, 0) + 1
        rows.append(point(meeting_id=meeting, pool_id=pool, position=last[meeting]))
    point.objects.bulk_create(rows)


class Migration(migrations.Migration):
    dependencies = [("pulje", "0020_committee_work")]

    operations = [migrations.RunPython(make_points, migrations.RunPython.noop)]
