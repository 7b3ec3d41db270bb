"""Letters that wait with added words get the name from the journal's newest line about them.

By itself: PostgreSQL makes no index on rows that were changed in the same transaction.
"""

from django.db import migrations

FILL = """
update letters_letter l set words_by_id = (
    select j.by_id from pulje_journalentry j
     where j.application_id = l.application_id and j.event = 'letter_corrected'
       and j.data->'letter' = to_jsonb(l.id)
     order by j.number desc limit 1)
 where l.sent_at is null and l.approved_by_id is null and coalesce(l.facts->>'added', '') <> '';
"""


class Migration(migrations.Migration):
    dependencies = [("letters", "0013_typed_text")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
