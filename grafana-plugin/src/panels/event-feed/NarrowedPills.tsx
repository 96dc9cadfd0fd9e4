import { cx } from '@emotion/css';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import type { FilterChoice } from './filter-choice.ts';
import { likeFieldLabel, likeValueLabel } from './like-labels.ts';
import { getPillStyles } from './pill-styles.ts';

interface NarrowedPillsProps {
  filter: FilterChoice;
  choose: (change: Partial<FilterChoice>) => void;
}

/** What was narrowed from an event's details, each to be taken back with a click. */
export function NarrowedPills({ filter, choose }: NarrowedPillsProps) {
  const pills = useStyles2(getPillStyles);
  const raw = { interpolation: { escapeValue: false } };
  const narrowed = [
    ...filter.tool.map((tool) => ({
      key: `tool:${tool}`,
      text: t('filter.only-tool', 'Tool: {{tool}}', { tool, ...raw }),
      remove: () => choose({ tool: filter.tool.filter((other) => other !== tool) }),
    })),
    ...filter.hidden.map((hidden) => ({
      key: `hidden:${hidden.field}:${hidden.value}`,
      text: t('filter.hidden', 'Without {{field}}: {{value}}', {
        field: likeFieldLabel(hidden.field),
        value: likeValueLabel(hidden),
        ...raw,
      }),
      remove: () => choose({ hidden: filter.hidden.filter((other) => other !== hidden) }),
    })),
  ];
  return narrowed.map(({ key, text, remove }) => (
    <button
      key={key}
      type="button"
      className={cx(pills.pill, pills.chosen)}
      title={t('filter.take-back', 'Take this filter back')}
      onClick={remove}
    >
      <span className={pills.clip}>{text}</span> <span aria-hidden>×</span>
    </button>
  ));
}
