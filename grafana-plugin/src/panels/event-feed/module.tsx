import { PanelPlugin, type PanelProps } from '@grafana/data';
import { t } from '@grafana/i18n';
import { lazy, Suspense } from 'react';
import { loadTranslations } from '../../shared/i18n.ts';
import { DEFAULT_OPTIONS, type FeedPanelOptions } from './panel-options.ts';

const texts = loadTranslations('signalbox-eventfeed-panel');
const LazyPanel = lazy(() => texts.then(() => import('./EventFeedPanel.tsx')));

function Panel(props: PanelProps<FeedPanelOptions>) {
  return (
    <Suspense fallback={null}>
      <LazyPanel {...props} />
    </Suspense>
  );
}

/** The event feed as a dashboard panel. */
export const plugin = new PanelPlugin<FeedPanelOptions>(Panel).setPanelOptions((builder) =>
  builder
    .addRadio({
      path: 'density',
      name: t('options.density', 'Row height'),
      defaultValue: DEFAULT_OPTIONS.density,
      settings: {
        options: [
          { value: 'compact', label: t('options.compact', 'Compact') },
          { value: 'comfortable', label: t('options.comfortable', 'Comfortable') },
        ],
      },
    })
    .addBooleanSwitch({
      path: 'newestFirst',
      name: t('options.newest-first', 'Newest first'),
      defaultValue: DEFAULT_OPTIONS.newestFirst,
    }),
);
