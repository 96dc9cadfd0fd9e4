-- What people weigh an approval by: why it is of its tier, what it reaches, what became of others like it. And the few
-- commands that expire, looked for many times a second.
alter table approvals add risk_reasons jsonb not null default '[]', add affects text, add reversible boolean;
create index approvals_alike on approvals (action, requested_at desc);
create index commands_expiring on commands (expires_at) where state = 'queued' and expires_at is not null;
