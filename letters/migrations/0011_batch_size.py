"""How many letters a batch was made of: some may be taken out of it again."""

from django.db import migrations, models

COUNT = """
update letters_letterbatch b
   set size = (select count(*) from letters_letter l where l.batch_id = b.id)
"""


class Migration(migrations.Migration):
    dependencies = [("letters", "0010_mail_kept")]

    operations = [
        migrations.AddField(
            model_name="letterbatch",
            name="size",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="breve"),
        ),
        migrations.RunSQL(COUNT, migrations.RunSQL.noop),
    ]
