-- When a waiting approval is to be told of next; null once somebody was told.
alter table approvals add column notify_at timestamptz default now();
create index approvals_to_tell on approvals (notify_at) where status = 'pending' and notify_at is not null;
