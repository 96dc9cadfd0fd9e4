-- Everything that belongs to a run carries `bucket`: the day the collector first saw the run, fixed by the first
-- insert into `runs`. It is the partition key and part of every unique key, so a run never straddles partitions.

create table meta (
  key text primary key,
  value text not null
);
insert into meta (key, value) values
  ('epoch', replace(gen_random_uuid()::text, '-', '')),
  -- Key of the fingerprints in redaction marks: equal secrets get equal marks on every collector, after every restart.
  ('redaction_key', replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''));

create table runs (
  id uuid primary key,
  bucket date not null,
  version bigint not null,
  session_id text not null,
  workflow text,
  service text,
  status text not null,
  started_ns bigint not null,
  ended_ns bigint,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  continues_run_id uuid,
  counts jsonb not null,
  agents text[] not null,
  models text[] not null,
  tools text[] not null,
  usage jsonb not null,
  user_name text
);
create index runs_started on runs (started_ns, id);
create index runs_session on runs using hash (session_id);
create index runs_bucket on runs (bucket);

-- One row for each distinct version of a span that was received; mapping chooses among versions.
create table spans (
  bucket date not null,
  run_id uuid not null,
  span_id text not null,
  version_hash bytea not null,
  parent_span_id text,
  name text not null,
  kind smallint not null,
  started_ns bigint not null,
  ended_ns bigint not null,
  status_code smallint not null,
  status_message text not null,
  attributes json not null,
  events json,
  links json,
  scope json,
  resource_hash bytea not null,
  received_at timestamptz not null,
  primary key (bucket, run_id, span_id, version_hash)
) partition by range (bucket);

create table log_records (
  bucket date not null,
  run_id uuid not null,
  log_hash bytea not null,
  has_trace boolean not null,
  span_id text,
  time_ns bigint not null,
  severity_number smallint not null,
  severity_text text not null,
  event_name text not null,
  body json,
  attributes json not null,
  scope json,
  resource_hash bytea not null,
  received_at timestamptz not null,
  primary key (bucket, run_id, log_hash)
) partition by range (bucket);

create table events (
  bucket date not null,
  id uuid not null,
  run_id uuid not null,
  session_id text not null,
  workflow text,
  span_id text,
  parent_id uuid,
  type text not null,
  actor_kind text not null,
  actor_name text not null,
  target_kind text,
  target_name text,
  status text not null,
  started_ns bigint not null,
  ended_ns bigint,
  received_at timestamptz not null,
  changed_at timestamptz not null,
  revision integer not null,
  summary text not null,
  model text,
  tool text,
  usage json,
  convention text not null,
  basis text not null,
  search_text text not null,
  fingerprint bytea not null,
  removed boolean not null,
  xid xid8 not null default pg_current_xact_id(),
  primary key (bucket, id)
) partition by range (bucket);
create index events_cursor on events (xid, id);
create index events_started on events (started_ns, id);
create index events_run on events (run_id, started_ns);

-- Bodies by hash: what is sent again and again is stored once. encoding 0 = UTF-8, 1 = zstd of UTF-8.
create table contents (
  hash bytea primary key,
  encoding smallint not null,
  bytes integer not null,
  first_seen date not null,
  body bytea not null
);
alter table contents alter column body set storage external;

-- Facts that join traces. `offer` rows hold a fact, `want` rows say which run it would change.
create table correlations (
  key text not null,
  kind text not null,
  role text not null,
  run_id uuid not null,
  bucket date not null,
  data jsonb not null,
  primary key (key, role, run_id, kind)
);
create index correlations_run on correlations (run_id);

create table quarantine (
  id bigint generated always as identity primary key,
  received_at timestamptz not null default now(),
  signal text not null,
  reason text not null,
  record json not null
);

create table metric_latest (
  series bytea primary key,
  name text not null,
  unit text not null,
  kind text not null,
  time_ns bigint not null,
  value json not null,
  attributes json not null,
  resource json not null,
  received_at timestamptz not null
);
create index metric_latest_name on metric_latest (name);

create table console_sessions (
  token_hash bytea primary key,
  login text not null,
  csrf_token text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);

-- Creates the partitions of one day. Concurrent callers wait for each other.
create function ensure_bucket(day date) returns void language plpgsql as $$
declare
  parent text;
begin
  perform pg_advisory_xact_lock(hashtext('signalbox.ensure_bucket'));
  foreach parent in array array['spans', 'log_records', 'events'] loop
    execute format(
      'create table if not exists %I partition of %I for values from (%L) to (%L)',
      parent || '_' || to_char(day, 'YYYYMMDD'), parent, day, day + 1);
  end loop;
end $$;
