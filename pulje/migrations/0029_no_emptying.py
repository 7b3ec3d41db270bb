"""What is append-only is not emptied either, and an approved appeal guidance stays as approved.

``truncate`` asks no row. Who must empty a database of trials says so for the connection:
``set puljer.may_empty = 'on'``.
"""

from django.db import migrations

FUNCTIONS = """
create function pulje_refuse_emptying() returns trigger language plpgsql as $$
begin
    if current_setting('puljer.may_empty', true) is distinct from 'on' then
        raise exception '% is kept and cannot be emptied', tg_table_name;
    end if;
    return null;
end $$;

create function pulje_refuse_guidance_change() returns trigger language plpgsql as $$
begin
    if old.approved_at is not null then
        raise exception 'guidance % is approved and cannot be changed: write a new version', old.id;
    end if;
    return case when tg_op = 'DELETE' then old else new end;
end $$;

create trigger approved_stays_said before update or delete on pulje_appealguidance
for each row execute function pulje_refuse_guidance_change();
"""
BACK = """
drop trigger approved_stays_said on pulje_appealguidance;
drop function pulje_refuse_guidance_change();
drop function pulje_refuse_emptying();
"""
TABLES = ("pulje_journalentry", "pulje_ledgerentry", "pulje_appealguidance")
TRIGGER = """
create trigger never_emptied before truncate on {table}
for each statement execute function pulje_refuse_emptying();
"""


class Migration(migrations.Migration):
    dependencies = [("pulje", "0028_appeal_guidance_written")]

    operations = [
        migrations.RunSQL(FUNCTIONS, BACK),
        *[
            migrations.RunSQL(TRIGGER.format(table=table), f"drop trigger never_emptied on {table}")
            for table in TABLES
        ],
    ]
