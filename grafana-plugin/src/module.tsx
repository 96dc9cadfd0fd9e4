import { type AppPluginMeta, AppPlugin, type AppRootProps } from '@grafana/data';
import { t } from '@grafana/i18n';
import { LoadingPlaceholder } from '@grafana/ui';
import { lazy, Suspense } from 'react';
import { loadTranslations } from './shared/i18n.ts';
import type { AppSettings } from './shared/app-settings.ts';

// Texts are looked up while rendering, so they are there before anything renders.
await loadTranslations('signalbox-agents-app');

const LazyApp = lazy(() => import('./pages/AppRoot.tsx'));
const LazyConfig = lazy(() => import('./pages/ConfigPage.tsx'));

function Root(props: AppRootProps<AppSettings>) {
  return (
    <Suspense fallback={<LoadingPlaceholder text="" />}>
      <LazyApp {...props} />
    </Suspense>
  );
}

function Config({ plugin }: { plugin: { meta: AppPluginMeta<AppSettings> } }) {
  return (
    <Suspense fallback={<LoadingPlaceholder text="" />}>
      <LazyConfig meta={plugin.meta} />
    </Suspense>
  );
}

/** What Grafana loads: everything else comes when it is looked at. */
export const plugin = new AppPlugin<AppSettings>().setRootPage(Root).addConfigPage({
  title: t('config.tab', 'Configuration'),
  icon: 'cog',
  id: 'configuration',
  body: Config as never,
});
