"""The journal and the ledger are append-only: the database itself refuses a change."""

from django.db import migrations

TABLES = ("pulje_journalentry", "pulje_ledgerentry")
FUNCTION = """
create function pulje_append_only() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only: write a new row instead', tg_table_name;
end $$;
"""
TRIGGER = """
create trigger append_only before update or delete on {table}
for each row execute function pulje_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("pulje", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTION, "drop function pulje_append_only()"),
        *[
            migrations.RunSQL(TRIGGER.format(table=table), f"drop trigger append_only on {table}")
            for table in TABLES
        ],
    ]
