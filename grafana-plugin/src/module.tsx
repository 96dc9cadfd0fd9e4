import { type AppPluginMeta, AppPlugin, type AppRootProps } from '@grafana/data';
import { t } from '@grafana/i18n';
import { LoadingPlaceholder } from '@grafana/ui';
import { lazy, Suspense } from 'react';
import type { AppSettings } from './shared/app-settings.ts';
import { loadTranslations } from './shared/i18n.ts';

// Not awaited here: a module that is itself asynchronous is not understood by every release's loader. Whatever shows
// texts waits for them instead.
const texts = loadTranslations('signalbox-agents-app');
const LazyApp = lazy(() => texts.then(() => import('./pages/AppRoot.tsx')));
const LazyConfig = lazy(() => texts.then(() => import('./pages/ConfigPage.tsx')));

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
  get title() {
    return t('config.tab', 'Configuration');
  },
  icon: 'cog',
  id: 'configuration',
  body: Config as never,
});
