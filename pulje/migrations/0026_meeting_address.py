"""A meeting's own address, as it was reckoned until now; and what a calendar has been told of it.

What calendars were told counted every change, so the count goes on from there: it may not fall.
"""

from collections import Counter

import django.utils.timezone
from django.db import migrations, models
from django.db.models import F
from django.utils import timezone


def fill(apps, schema_editor):
    meetings = apps.get_model("pulje", "Meeting").objects.order_by("pk")
    taken = Counter()
    for meeting in meetings:
        day = f"{timezone.localdate(meeting.held_at):%Y-%m-%d}"
        taken[meeting.committee_id, day] += 1
        number = taken[meeting.committee_id, day]
        meeting.address = day if number == 1 else f"{day}-{number}"
        meeting.save(update_fields=["address"])
    meetings.update(revision=F("changes"), revised_at=F("changed_at"))
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else the table may not be altered yet


class Migration(migrations.Migration):
    dependencies = [("pulje", "0025_meeting_attendance_kept")]

    operations = [
        migrations.AddField(
            model_name="meeting",
            name="address",
            field=models.SlugField(default="", max_length=40, verbose_name="adresse"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="meeting",
            name="revision",
            field=models.PositiveIntegerField(default=0, verbose_name="kalenderens version"),
        ),
        migrations.AddField(
            model_name="meeting",
            name="revised_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now, verbose_name="kalenderen ændret"
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.UniqueConstraint(
                fields=("committee", "address"), name="meeting_address_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(("address", ""), _negated=True), name="meeting_has_address"
            ),
        ),
    ]
