import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import { formatDuration } from '../../shared/format.ts';
import { Glyph } from '../../shared/Glyph.tsx';
import type { GlyphName } from '../../shared/glyphs.ts';
import type { Freshness } from './freshness.ts';
import type { FeedModel } from './use-feed-model.ts';

/** Says how fresh the feed is, and switches between following and pausing. */
export function FreshnessChip({ model }: { model: FeedModel }) {
  const styles = useStyles2(getStyles);
  const { freshness } = model;
  const tone = TONES[freshness.kind];
  const hint = model.following ? t('feed.pause', 'Pause') : t('feed.follow', 'Follow again');
  return (
    <button
      type="button"
      className={cx(styles.chip, styles[tone])}
      onClick={model.following ? model.pause : model.follow}
      title={hint}
      aria-label={`${freshnessText(freshness)} · ${hint}`}
      data-testid="freshness"
      data-kind={freshness.kind}
    >
      <Glyph name={GLYPHS[freshness.kind]} size={12} />
      <span>{freshnessText(freshness)}</span>
    </button>
  );
}

function freshnessText(freshness: Freshness): string {
  switch (freshness.kind) {
    case 'connecting':
      return t('freshness.connecting', 'Connecting…');
    case 'live':
      return freshness.lagMs === null
        ? t('freshness.live', 'Live')
        : t('freshness.live-lag', 'Live · lag {{lag}}', { lag: formatDuration(Math.round(freshness.lagMs)) });
    case 'late':
      return t('freshness.late', 'Live · telemetry {{delay}} late', { delay: formatDuration(freshness.delayMs) });
    case 'reconnecting':
      return t('freshness.reconnecting', 'Reconnecting…, nothing lost');
    case 'denied':
      return t('freshness.denied', 'No access');
    case 'paused':
      return freshness.added === 0
        ? t('freshness.paused', 'Paused')
        : t('freshness.paused-new', 'Paused · {{count}} new', { count: freshness.added });
    case 'finished':
      return t('freshness.finished', 'Finished');
    case 'history':
      return t('freshness.history', 'History');
  }
}

const TONES = {
  connecting: 'quiet',
  live: 'good',
  late: 'warn',
  reconnecting: 'warn',
  denied: 'warn',
  paused: 'accent',
  finished: 'quiet',
  history: 'quiet',
} as const;

const GLYPHS: Record<Freshness['kind'], GlyphName> = {
  connecting: 'progress',
  live: 'bolt',
  late: 'bolt',
  reconnecting: 'repeat',
  denied: 'ban',
  paused: 'half',
  finished: 'flag',
  history: 'list',
};

const getStyles = (theme: GrafanaTheme2) => ({
  chip: css({
    label: 'freshness',
    display: 'inline-flex',
    alignItems: 'center',
    gap: 6,
    flexShrink: 0,
    minHeight: 24,
    padding: theme.spacing(0, 1),
    border: `1px solid ${theme.colors.border.medium}`,
    borderRadius: theme.shape.radius.pill,
    background: 'transparent',
    font: 'inherit',
    fontSize: theme.typography.bodySmall.fontSize,
    fontVariantNumeric: 'tabular-nums',
    whiteSpace: 'nowrap',
    '&:hover': { background: theme.colors.action.hover },
  }),
  good: css({ color: theme.colors.success.text }),
  warn: css({ color: theme.colors.warning.text, borderColor: theme.colors.warning.border }),
  accent: css({ color: theme.colors.primary.text, borderColor: theme.colors.primary.border }),
  quiet: css({ color: theme.colors.text.secondary }),
});
