"""A letter that was sent once and came back ends, too, when its decision stands no longer."""

from django.db import migrations

FUNCTION = """
create or replace function letters_refuse_change() returns trigger language plpgsql as $$
declare
    way text[] := array['state', 'channel', 'channel_reason', 'recipient_email', 'attempts',
        'next_attempt_at', 'claimed_at', 'failure', 'sent_at', 'available_at', 'opened_at'];
begin
    if old.sent_at is null then
        return case when tg_op = 'DELETE' then old else new end;
    end if;
    if tg_op = 'UPDATE' and new.sent_at is not null
       and new.state in ('APPROVED', 'SENT', 'AVAILABLE', 'OPENED', 'FAILED'{more})
       and to_jsonb(new) - way = to_jsonb(old) - way then
        return new;
    end if;
    raise exception 'letter % is sent and cannot be changed: write a new one', old.id;
end $$;
"""
MORE, BEFORE = ", 'SUPERSEDED'", ""


class Migration(migrations.Migration):
    dependencies = [("letters", "0015_proof_kept")]

    operations = [migrations.RunSQL(FUNCTION.format(more=MORE), FUNCTION.format(more=BEFORE))]
