"""Who added words to a letter is kept on it: somebody else must read them.

Letters that wait with such words get the name from the journal's newest line about them.
"""

from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.deletion import PROTECT

FILL = """
update letters_letter l set words_by_id = (
    select j.by_id from pulje_journalentry j
     where j.application_id = l.application_id and j.event = 'letter_corrected'
       and j.data->'letter' = to_jsonb(l.id)
     order by j.number desc limit 1)
 where l.sent_at is null and l.approved_by_id is null and l.facts ? 'added';
"""


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("letters", "0011_batch_size"),
    ]

    operations = [
        migrations.AddField(
            model_name="letter",
            name="words_by",
            field=models.ForeignKey(
                settings.AUTH_USER_MODEL, PROTECT, related_name="+", null=True, blank=True
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=Q(approved_by=None) | Q(words_by=None) | ~Q(approved_by=F("words_by")),
                name="letter_words_two_readers",
                violation_error_message="Det, der er føjet til brevet, skal læses af en anden.",
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
