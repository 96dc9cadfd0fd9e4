-- Where only metadata is kept (`meta.content`, which every start sets), a request keeps what it asks while people must see
-- it, and an order what it says while it may have to be handed over again. The transaction that ends either takes the words
-- out, whichever statement ends it. Hashes, decisions, names and times stay.

create function keeps_only_metadata() returns boolean language sql stable as $$
  select exists (select from meta where key = 'content' and value = 'metadata')
$$;

create function not_kept() returns text language sql immutable as $$
  select '[not captured: SIGNALBOX_CONTENT=metadata]'
$$;

create function without_value(given jsonb) returns jsonb language sql immutable as $$
  select case when given -> 'value' is null or given -> 'value' = 'null' then given
              else jsonb_build_object('value', not_kept()) end
$$;

create function without_text(given text) returns text language sql immutable as $$
  select case when given is null then null else not_kept() end
$$;

create function forget_settled_approval() returns trigger language plpgsql as $$
begin
  if keeps_only_metadata() then
    new.args := without_value(new.args);
    new.question := without_text(new.question);
    new.reason := without_text(new.reason);
    new.affects := without_text(new.affects);
    new.decision_reason := without_text(new.decision_reason);
    new.edited_args := without_value(new.edited_args);
    new.answer := without_value(new.answer);
  end if;
  return new;
end $$;
create trigger approvals_forget before insert or update on approvals
  for each row when (new.status <> 'pending') execute function forget_settled_approval();

-- What tells which order it was stays: ids, numbers, times and the decision.
create function forget_ended_command() returns trigger language plpgsql as $$
begin
  if keeps_only_metadata() then
    new.payload := coalesce(
      (select jsonb_object_agg(key, case
         when key in ('decision', 'request', 'items', 'after', 'until') or jsonb_typeof(value) in ('number', 'boolean', 'null')
         then value else to_jsonb(not_kept()) end)
       from jsonb_each(new.payload)),
      '{}');
  end if;
  return new;
end $$;
create trigger commands_forget before insert or update on commands
  for each row when (new.state in ('effective', 'refused', 'expired', 'failed')) execute function forget_ended_command();
