-- What held in a trace at a moment, in line with other traces under the same key: an agent's make, a plan's last
-- state. A trace looks at the nearest before its own only, so a key may have as many rows as an agent has runs.
create table trace_states (
  key text not null,
  at_ns bigint not null,
  run_id uuid not null,
  bucket date not null,
  kind text not null,
  -- Null where the trace only asks for the state before.
  data jsonb,
  primary key (key, at_ns, run_id)
);
create index trace_states_run on trace_states (run_id);
create index trace_states_bucket on trace_states (bucket);
