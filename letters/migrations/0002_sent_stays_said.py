"""What has been said stays said: the database itself refuses to change or delete a sent letter."""

from django.db import migrations

FUNCTIONS = """
create function letters_refuse_change() returns trigger language plpgsql as $$
begin
    if old.state not in ('SENT', 'DELIVERED') then
        return case when tg_op = 'DELETE' then old else new end;
    end if;
    if tg_op = 'UPDATE' and new.state in ('SENT', 'DELIVERED')
       and to_jsonb(new) - 'state' - 'delivered_at' = to_jsonb(old) - 'state' - 'delivered_at' then
        return new;
    end if;
    raise exception 'letter % is sent and cannot be changed: write a new one', old.id;
end $$;

create function letters_refuse_paper_change() returns trigger language plpgsql as $$
begin
    if exists (select from letters_letter
               where id = old.letter_id and state in ('SENT', 'DELIVERED')) then
        raise exception 'letter % is sent and cannot be changed: write a new one', old.letter_id;
    end if;
    return case when tg_op = 'DELETE' then old else new end;
end $$;

create trigger sent_stays_said before update or delete on letters_letter
for each row execute function letters_refuse_change();
create trigger sent_stays_said before update or delete on letters_paper
for each row execute function letters_refuse_paper_change();
"""
BACK = """
drop trigger sent_stays_said on letters_letter;
drop trigger sent_stays_said on letters_paper;
drop function letters_refuse_change();
drop function letters_refuse_paper_change();
"""


class Migration(migrations.Migration):
    dependencies = [("letters", "0001_initial")]

    operations = [migrations.RunSQL(FUNCTIONS, BACK)]
