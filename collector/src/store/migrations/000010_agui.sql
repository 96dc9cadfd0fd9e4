-- Runs the collector started at AG-UI agents, and the conversations they belong to: what a later run must send along.

create table agui_threads (
  agent text not null,
  thread_id text not null,
  -- Messages and shared state as the last run left them, without secrets.
  conversation jsonb not null default '{"messages": []}',
  version integer not null default 0,
  changed_at timestamptz not null default now(),
  primary key (agent, thread_id)
);

create table agui_runs (
  -- The run's id in the protocol and here.
  id uuid primary key,
  agent text not null,
  thread_id text not null,
  parent_id uuid,
  -- sent: written down before the request leaves; open: the agent said that the run has begun.
  status text not null check (status in ('sent', 'open', 'paused', 'resumed', 'finished', 'failed', 'stopped', 'lost')),
  -- Commands that travel with the run.
  commands uuid[] not null,
  pauses jsonb not null default '[]',
  problem text,
  -- The collector that holds the connection, and until when it counts as alive.
  owner text not null,
  leased_until timestamptz not null,
  begun boolean not null default false,
  -- False while the event that tells of the run's end is still to be written.
  told boolean not null default true,
  started_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz
);
-- One run of a thread at a time, whoever drives it.
create unique index agui_runs_active on agui_runs (agent, thread_id) where status in ('sent', 'open', 'paused');
create index agui_runs_leased on agui_runs (leased_until) where status in ('sent', 'open');
create index agui_runs_paused on agui_runs (id) where status = 'paused';
create index agui_runs_untold on agui_runs (id) where not told;
create index agui_runs_of_thread on agui_runs (agent, thread_id, started_at);
create index agui_runs_commands on agui_runs using gin (commands);
