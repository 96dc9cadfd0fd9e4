import type { AppRootProps } from '@grafana/data';
import { PluginPage } from '@grafana/runtime';
import type { AppSettings } from '../shared/app-settings.ts';
import { FeedPage } from './FeedPage.tsx';

/** The app's pages. There is one so far, so every address below the app leads to it. */
export default function AppRoot({ meta }: AppRootProps<AppSettings>) {
  return (
    <PluginPage>
      <FeedPage apiBase={meta.jsonData?.apiBase} />
    </PluginPage>
  );
}
