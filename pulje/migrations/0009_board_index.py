from django.db import migrations, models

# whoever was confirmed before we began to ask: the year counts from their first confirmation
FIRST = """
update pulje_applicant a set board_confirmed_on = first.day
from (
    select applicant_id, min(confirmed_at)::date as day from pulje_membership
    where confirmed_at is not null and may_sign group by applicant_id
) first
where first.applicant_id = a.id and a.board_confirmed_on is null
"""


class Migration(migrations.Migration):
    dependencies = [("pulje", "0008_public_pages")]

    operations = [
        migrations.RunSQL(FIRST, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="applicant",
            index=models.Index(
                condition=models.Q(("board_confirmed_on__isnull", False)),
                fields=["board_confirmed_on"],
                name="applicant_board",
            ),
        ),
    ]
