import type { QueryEditorProps } from '@grafana/data';
import { t } from '@grafana/i18n';
import { InlineField, InlineFieldRow, InlineSwitch, Input } from '@grafana/ui';
import type { EventsDataSource } from './datasource.ts';
import { type EventsJsonData, type EventsQuery, TEXT_FIELDS } from './query.ts';

type Props = QueryEditorProps<EventsDataSource, EventsQuery, EventsJsonData>;

/** Narrows what a panel shows. Every field takes dashboard variables. */
export default function QueryEditor({ query, onChange, onRunQuery }: Props) {
  return (
    <InlineFieldRow>
      {TEXT_FIELDS.map((field) => (
        <InlineField key={field} label={fieldLabel(field)} labelWidth={12} tooltip={fieldHint(field)}>
          <Input
            id={`events-query-${field}-${query.refId}`}
            width={28}
            value={query[field] ?? ''}
            onChange={(event) => onChange({ ...query, [field]: event.currentTarget.value })}
            onBlur={onRunQuery}
            onKeyDown={(event) => {
              if (event.key === 'Enter') onRunQuery();
            }}
          />
        </InlineField>
      ))}
      <InlineField
        label={t('query.live', 'Live')}
        labelWidth={12}
        tooltip={t('query.live-hint', 'Follows new events while the time range ends now.')}
      >
        <InlineSwitch
          id={`events-query-live-${query.refId}`}
          value={query.live ?? true}
          onChange={(event) => {
            onChange({ ...query, live: event.currentTarget.checked });
            onRunQuery();
          }}
        />
      </InlineField>
    </InlineFieldRow>
  );
}

function fieldLabel(field: (typeof TEXT_FIELDS)[number]): string {
  const labels = {
    run: () => t('query.run', 'Run'),
    session: () => t('query.session', 'Session'),
    type: () => t('query.type', 'Type'),
    status: () => t('query.status', 'Status'),
    actor: () => t('query.actor', 'Actor'),
    text: () => t('query.text', 'Text'),
  };
  return labels[field]();
}

function fieldHint(field: (typeof TEXT_FIELDS)[number]): string {
  if (field === 'type') return t('query.type-hint', 'For example tool_call, error. Several are separated by commas.');
  if (field === 'status')
    return t('query.status-hint', 'For example in_progress, error. Several are separated by commas.');
  if (field === 'actor') return t('query.actor-hint', 'Names as the sender spells them, separated by commas.');
  if (field === 'text') return t('query.text-hint', 'Every word must occur in the event.');
  return t('query.id-hint', 'An id, or a dashboard variable such as $run.');
}
