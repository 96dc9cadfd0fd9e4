import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Input, useStyles2 } from '@grafana/ui';
import { type RefObject, useEffect, useState } from 'react';
import { FreshnessChip } from './FreshnessChip.tsx';
import type { FeedModel, FeedState } from './use-feed-model.ts';

interface FeedToolbarProps {
  model: FeedModel;
  state: FeedState;
  onState: (change: Partial<FeedState>) => void;
  searchRef: RefObject<HTMLInputElement | null>;
  narrow: boolean;
}

/** Title, search over everything stored, and how fresh the feed is. */
export function FeedToolbar({ model, state, onState, searchRef, narrow }: FeedToolbarProps) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.bar}>
      {narrow ? null : <h2 className={styles.title}>{t('feed.title', 'Event feed')}</h2>}
      <SearchBox
        value={state.filter.q}
        onSearch={(q) => onState({ filter: { ...state.filter, q } })}
        inputRef={searchRef}
      />
      <FreshnessChip model={model} />
    </div>
  );
}

interface SearchBoxProps {
  value: string;
  onSearch: (text: string) => void;
  inputRef: RefObject<HTMLInputElement | null>;
}

const TYPING_PAUSE_MS = 250;

function SearchBox({ value, onSearch, inputRef }: SearchBoxProps) {
  const styles = useStyles2(getStyles);
  const [draft, setDraft] = useState({ typed: value, from: value });
  // The address may change under the box (back button, a cleared filter): then it shows what is searched for now.
  if (draft.from !== value) setDraft({ typed: value, from: value });
  useEffect(() => {
    if (draft.typed === value) return undefined;
    const timer = setTimeout(() => onSearch(draft.typed), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [draft.typed, value, onSearch]);
  return (
    <div className={styles.search}>
      <Input
        ref={inputRef as RefObject<HTMLInputElement>}
        type="search"
        value={draft.typed}
        placeholder={t('feed.search', 'Search events')}
        aria-label={t('feed.search', 'Search events')}
        onChange={(event) => setDraft({ typed: event.currentTarget.value, from: value })}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onSearch(draft.typed);
        }}
      />
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({
    label: 'feed-toolbar',
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    padding: theme.spacing(1, 1, 0.5),
  }),
  title: css({
    margin: 0,
    paddingLeft: theme.spacing(0.5),
    fontSize: theme.typography.h6.fontSize,
    fontWeight: theme.typography.fontWeightMedium,
    whiteSpace: 'nowrap',
  }),
  search: css({ flex: '1 1 120px', maxWidth: 360, minWidth: 90, marginLeft: 'auto' }),
});
