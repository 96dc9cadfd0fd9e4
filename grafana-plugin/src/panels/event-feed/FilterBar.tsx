import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import { statusLabel, typeLabel } from '../../shared/event-labels.ts';
import { statusGlyph, typeLook } from '../../shared/event-look.ts';
import { Glyph } from '../../shared/Glyph.tsx';
import type { ReactNode } from 'react';
import { DurationFilter } from './DurationFilter.tsx';
import { FacetMenu } from './FacetMenu.tsx';
import { type FilterChoice, isEmptyChoice, NO_CHOICE, toggleValue } from './filter-choice.ts';
import { NarrowedPills } from './NarrowedPills.tsx';
import { getPillStyles } from './pill-styles.ts';
import { runName } from './run-name.ts';
import type { FeedModel, FeedState } from './use-feed-model.ts';

interface FilterBarProps {
  model: FeedModel;
  state: FeedState;
  onState: (change: Partial<FeedState>) => void;
  /** How the feed is drawn; stands at the end of the bar. */
  children: ReactNode;
}

/** Pills that narrow the feed, each with how many of the loaded events it stands for. */
export function FilterBar({ model, state, onState, children }: FilterBarProps) {
  const styles = useStyles2(getStyles);
  const pills = useStyles2(getPillStyles);
  const { filter } = state;
  const { facets } = model;
  const choose = (change: Partial<FilterChoice>) => onState({ filter: { ...filter, ...change } });
  const list = (field: 'type' | 'status' | 'actor') => ({
    counts: facets[field],
    chosen: filter[field],
    onToggle: (value: string) => choose({ [field]: toggleValue(filter[field], value) }),
  });
  return (
    <div className={styles.bar} role="group" aria-label={t('filter.group', 'Filters')}>
      <button
        type="button"
        className={cx(pills.pill, filter.errors && pills.chosen)}
        aria-pressed={filter.errors}
        onClick={() => choose({ errors: !filter.errors })}
      >
        <Glyph name="alert" size={12} />
        {t('filter.errors', 'Errors')} <span className={pills.count}>{facets.errors}</span>
      </button>
      <FacetMenu
        name={t('filter.type', 'Type')}
        {...list('type')}
        label={typeLabel}
        glyph={(type) => typeLook(type).glyph}
      />
      <FacetMenu name={t('filter.status', 'Status')} {...list('status')} label={statusLabel} glyph={statusGlyph} />
      <FacetMenu name={t('filter.actor', 'Actor')} {...list('actor')} label={(actor) => actor} />
      <FacetMenu
        name={t('filter.run', 'Run')}
        counts={facets.run}
        chosen={filter.run ? [filter.run] : []}
        onToggle={(run) => choose({ run: filter.run === run ? '' : run })}
        label={(run) => runName(run, model.scopeRows)}
      />
      <DurationFilter minMs={filter.minMs} onChange={(minMs) => choose({ minMs })} />
      <NarrowedPills filter={filter} choose={choose} />
      {isEmptyChoice(filter) ? null : (
        <button type="button" className={cx(pills.pill, pills.clear)} onClick={() => onState({ filter: NO_CHOICE })}>
          {t('filter.clear', 'Clear')}
        </button>
      )}
      <span className={styles.view}>{children}</span>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({
    label: 'filters',
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(0.5),
    padding: theme.spacing(0, 1, 1),
  }),
  view: css({ display: 'inline-flex', flexWrap: 'wrap', gap: theme.spacing(0.5), marginLeft: 'auto' }),
});
