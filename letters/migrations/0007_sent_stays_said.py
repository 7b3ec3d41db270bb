"""What has been sent stays said: from the first sending only its way may change, not its words.

A letter may come back and be sent by another channel; so state, channel, attempts and times move.
Before this version a letter ended as SENT; all those had arrived as far as anybody knew.
"""

from django.db import migrations

FUNCTIONS = """
create or replace function letters_refuse_change() returns trigger language plpgsql as $$
declare
    way text[] := array['state', 'channel', 'channel_reason', 'recipient_email', 'attempts',
        'next_attempt_at', 'claimed_at', 'failure', 'sent_at', 'available_at', 'opened_at'];
begin
    if old.sent_at is null then
        return case when tg_op = 'DELETE' then old else new end;
    end if;
    if tg_op = 'UPDATE' and new.sent_at is not null
       and new.state in ('APPROVED', 'SENT', 'AVAILABLE', 'OPENED', 'FAILED')
       and to_jsonb(new) - way = to_jsonb(old) - way then
        return new;
    end if;
    raise exception 'letter % is sent and cannot be changed: write a new one', old.id;
end $$;

create or replace function letters_refuse_paper_change() returns trigger language plpgsql as $$
begin
    if exists (select from letters_letter where id = old.letter_id and sent_at is not null) then
        raise exception 'letter % is sent and cannot be changed: write a new one', old.letter_id;
    end if;
    return case when tg_op = 'DELETE' then old else new end;
end $$;

create or replace function letters_refuse_text_change() returns trigger language plpgsql as $$
begin
    if old.approved_at is null or (tg_op = 'UPDATE'
       and to_jsonb(new) - 'valid_until' = to_jsonb(old) - 'valid_until') then
        return case when tg_op = 'DELETE' then old else new end;
    end if;
    raise exception 'text % is approved and cannot be changed: write a new version', old.id;
end $$;

create trigger approved_stays_said before update or delete on letters_lettertext
for each row execute function letters_refuse_text_change();
"""
MOVE = """
update letters_letter set state = 'AVAILABLE', available_at = coalesce(available_at, sent_at)
 where state in ('SENT', 'DELIVERED');
update letters_letter set state = 'APPROVED'
 where state = 'RENDERED' and (not needs_second_reader or approved_at is not null);
"""


class Migration(migrations.Migration):
    dependencies = [("letters", "0006_letters_proved")]

    operations = [
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
        migrations.RunSQL(MOVE, migrations.RunSQL.noop),
    ]
