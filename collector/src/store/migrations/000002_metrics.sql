-- Metric points by series and minute. `points` holds what was received in the minute, one entry a point time, so that
-- a point sent twice is counted once and a late one finds its place; the figures beside it are made from all of them.
create table rollup_minute (
  series bytea not null,
  minute timestamptz not null,
  count bigint not null,
  sum double precision,
  min double precision,
  max double precision,
  first double precision not null,
  last double precision not null,
  -- When the counter of a cumulative series began, where its sender says so.
  start_ns bigint,
  points json not null,
  primary key (series, minute)
);
create index rollup_minute_minute on rollup_minute (minute);

-- How the values of a series add up: delta, cumulative or unknown, and whether they only ever grow.
alter table metric_latest add column temporality text not null default 'unspecified';
alter table metric_latest add column monotonic boolean not null default false;
