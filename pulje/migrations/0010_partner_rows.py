"""What was written in one text about partners becomes a row a line."""

from django.db import migrations

NAME, CONTRIBUTION = 200, 300


def make_rows(apps, schema_editor):
    application, partner = (
        apps.get_model("pulje", "Application"),
        apps.get_model("pulje", "Partner"),
    )
    for case in application.objects.exclude(partners="").iterator():
        taken = partner.objects.filter(application=case).count()
        lines = [line.strip() for line in case.partners.splitlines() if line.strip()]
        partner.objects.bulk_create(
            partner(
                application=case,
                position=position,
                name=line[:NAME],
                contribution=line[NAME : NAME + CONTRIBUTION],
            )
            for position, line in enumerate(lines, start=taken + 1)
        )


class Migration(migrations.Migration):
    dependencies = [("pulje", "0009_board_index")]

    operations = [migrations.RunPython(make_rows, migrations.RunPython.noop)]
