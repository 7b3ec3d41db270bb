"""The proof stays, too: when a letter was sent, was there and was opened, and who said so.

A sending may be repeated (later), and what came back is no longer there; but no time that was
reached is moved, no try or receipt is rewritten, and nothing is laid into a letter that has left.
"""

from django.db import migrations

FUNCTIONS = """
create function letters_refuse_time_change() returns trigger language plpgsql as $$
begin
    if new.sent_at < old.sent_at
       or (old.opened_at is not null and new.opened_at is distinct from old.opened_at)
       or (old.state in ('AVAILABLE', 'OPENED')
           and new.available_at is distinct from old.available_at
           and not (new.available_at is null and new.state in ('APPROVED', 'FAILED'))) then
        raise exception 'letter % is sent and cannot be changed: its times are proof', old.id;
    end if;
    return new;
end $$;

create function letters_refuse_late_paper() returns trigger language plpgsql as $$
begin
    if exists (select from letters_letter where id = new.letter_id and sent_at is not null) then
        raise exception 'letter % is sent and cannot be changed: write a new one', new.letter_id;
    end if;
    return new;
end $$;

create function letters_refuse_try_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and (old.ended_at is null or new.is_sent)
       and to_jsonb(new) - array['ended_at', 'is_sent', 'detail', 'reference']
         = to_jsonb(old) - array['ended_at', 'is_sent', 'detail', 'reference']
       and (old.ended_at is null or to_jsonb(new) - 'is_sent' = to_jsonb(old) - 'is_sent') then
        return new;
    end if;
    raise exception 'try % of letter % has ended and is kept', old.id, old.letter_id;
end $$;

create trigger times_stay before update on letters_letter
for each row execute function letters_refuse_time_change();
create trigger nothing_laid_in before insert on letters_paper
for each row execute function letters_refuse_late_paper();
create trigger nothing_laid_in before insert on letters_enclosure
for each row execute function letters_refuse_late_paper();
create trigger tries_stay before update or delete on letters_deliveryattempt
for each row execute function letters_refuse_try_change();
create trigger append_only before update or delete on letters_deliveryreceipt
for each row execute function pulje_append_only();
"""
BACK = """
drop trigger times_stay on letters_letter;
drop trigger nothing_laid_in on letters_paper;
drop trigger nothing_laid_in on letters_enclosure;
drop trigger tries_stay on letters_deliveryattempt;
drop trigger append_only on letters_deliveryreceipt;
drop function letters_refuse_time_change();
drop function letters_refuse_late_paper();
drop function letters_refuse_try_change();
"""
TABLES = ("letter", "paper", "enclosure", "lettertext", "deliveryattempt", "deliveryreceipt")
TRIGGER = """
create trigger never_emptied before truncate on letters_{table}
for each statement execute function pulje_refuse_emptying();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("letters", "0014_words_by_filled"),
        ("pulje", "0029_no_emptying"),
    ]

    operations = [
        migrations.RunSQL(FUNCTIONS, BACK),
        *[
            migrations.RunSQL(
                TRIGGER.format(table=table), f"drop trigger never_emptied on letters_{table}"
            )
            for table in TABLES
        ],
    ]
