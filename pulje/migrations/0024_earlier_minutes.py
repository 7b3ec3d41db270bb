"""Meetings held before the minutes were kept here: theirs are approved elsewhere long ago."""

from django.db import migrations
from django.db.models import F


def approve(apps, schema_editor):
    held = apps.get_model("pulje", "Meeting").objects.filter(state="CLOSED", closed_at=None)
    held.update(closed_at=F("held_at"), minutes_approved_at=F("held_at"))


class Migration(migrations.Migration):
    dependencies = [("pulje", "0023_meeting_changed_at")]

    operations = [migrations.RunPython(approve, migrations.RunPython.noop)]
