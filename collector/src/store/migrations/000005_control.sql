-- Control: what waits for people, what they ordered, what became of it. Rows live as long as the database; they are few.

create table approvals (
  id uuid primary key,
  runtime text not null,
  -- Agent id, or server and thread; with external_id the runtime's own name of the request.
  target text not null,
  external_id text not null,
  run_id uuid,
  session_id text,
  workflow text,
  agent text,
  action text not null,
  args jsonb,
  question text,
  reason text,
  risk text not null,
  allowed_decisions text[] not null,
  shown_hash text not null,
  votes_needed smallint not null,
  status text not null check (status in ('pending', 'approved', 'rejected', 'expired', 'withdrawn')),
  requested_at timestamptz not null default now(),
  expires_at timestamptz,
  decided_at timestamptz,
  decided_by jsonb,
  decision text,
  decision_reason text,
  edited_args jsonb,
  answer jsonb,
  command_id uuid,
  -- Keys under which telemetry knows the request (correlations.key).
  keys text[] not null,
  context jsonb not null,
  changed_at timestamptz not null default now(),
  unique (runtime, target, external_id)
);
create index approvals_open on approvals (expires_at) where status = 'pending';
create index approvals_listed on approvals (requested_at desc, id);
create index approvals_run on approvals (run_id);

create table approval_votes (
  approval_id uuid not null references approvals (id),
  login text not null,
  voter jsonb not null,
  decision text not null,
  at timestamptz not null default now(),
  primary key (approval_id, login)
);

create table commands (
  id uuid primary key,
  -- Who asked, and their key: the same question again is the same command.
  asked_by text not null,
  idempotency_key text not null,
  request_hash text not null,
  kind text not null,
  runtime text not null,
  target text not null,
  run_id uuid,
  approval_id uuid,
  payload jsonb not null,
  requested_by jsonb not null,
  state text not null check (state in ('queued', 'delivered', 'acked', 'effective', 'refused', 'expired', 'failed')),
  problem text,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz,
  claimed_until timestamptz,
  unique (asked_by, idempotency_key)
);
create index commands_open on commands (runtime, target, created_at) where state in ('queued', 'delivered', 'acked');
create index commands_run on commands (run_id);

create table command_history (
  command_id uuid not null references commands (id),
  seq smallint not null,
  state text not null,
  at timestamptz not null default clock_timestamp(),
  evidence text,
  primary key (command_id, seq)
);

-- Runs that must not go on, whoever asks later.
create table stopped_runs (
  run_id uuid primary key,
  command_id uuid not null,
  stopped_by jsonb not null,
  at timestamptz not null default clock_timestamp()
);

-- Which agent works on which run; the last one to say so.
create table run_agents (
  run_id uuid primary key,
  runtime text not null,
  target text not null,
  ended boolean not null default false,
  at timestamptz not null default now()
);

create table agents (
  runtime text not null,
  target text not null,
  name text not null,
  workflow text,
  client text,
  capabilities text[] not null,
  seen_at timestamptz not null default now(),
  primary key (runtime, target)
);

create table audit (
  seq bigint primary key,
  at timestamptz not null,
  actor jsonb not null,
  action text not null,
  subject jsonb not null,
  reason text,
  detail jsonb not null,
  -- The hashed text itself, so that a check depends on no formatting of the columns.
  entry text not null,
  previous_hash text not null,
  hash text not null
);

-- One row: the end of the chain. Locking it gives the entries their order.
create table audit_head (
  one boolean primary key default true check (one),
  seq bigint not null,
  hash text not null
);
insert into audit_head (seq, hash) values (0, repeat('0', 64));

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit is insert-only' using errcode = '42501';
end $$;
create trigger audit_is_insert_only before update or delete or truncate on audit
  for each statement execute function refuse_change();

-- The role commands and decisions run under: it can add to the audit and change nothing in it. Where the owner may not
-- make roles, the trigger alone stands guard. Roles belong to the whole server, and other databases may be at it too.
do $$
begin
  for attempt in 1..20 loop
    begin
      if not exists (select from pg_roles where rolname = 'signalbox_control') then
        create role signalbox_control nologin;
      end if;
      if not pg_has_role(current_user, 'signalbox_control', 'member') then
        execute format('grant signalbox_control to %I', current_user);
      end if;
      grant usage on schema public to signalbox_control;
      grant select, insert on audit to signalbox_control;
      grant select, update on audit_head to signalbox_control;
      grant select, insert, update on approvals, approval_votes, commands, command_history, stopped_runs, run_agents,
        agents to signalbox_control;
      grant select on runs, events, correlations, meta to signalbox_control;
      insert into meta (key, value) values ('control_role', 'signalbox_control');
      return;
    exception
      when insufficient_privilege then exit;
      when others then perform pg_sleep(random() / 10);
    end;
  end loop;
  insert into meta (key, value) values ('control_role', '');
end $$;

create index events_waiting on events (started_ns, id)
  where type = 'approval_request' and status = 'waiting' and not removed;
