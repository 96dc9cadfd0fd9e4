import { PanelPlugin, type PanelProps } from '@grafana/data';
import { t } from '@grafana/i18n';
import { lazy, Suspense } from 'react';
import { loadTranslations } from '../../shared/i18n.ts';
import type { ApprovalsPanelOptions } from './panel-options.ts';

const texts = loadTranslations('signalbox-approvals-panel');
const LazyPanel = lazy(() => texts.then(() => import('./ApprovalsPanel.tsx')));

function Panel(props: PanelProps<ApprovalsPanelOptions>) {
  return (
    <Suspense fallback={null}>
      <LazyPanel {...props} />
    </Suspense>
  );
}

/** What waits for a person, as a dashboard panel. */
export const plugin = new PanelPlugin<ApprovalsPanelOptions>(Panel).setPanelOptions((builder) =>
  builder
    .addTextInput({
      path: 'run',
      name: t('options.run', 'Run'),
      description: t('options.run-hint', 'Only requests of this run; variables such as $run may be used.'),
      defaultValue: '',
    })
    .addTextInput({
      path: 'workflow',
      name: t('options.workflow', 'Workflow'),
      description: t('options.workflow-hint', 'Only requests of this workflow.'),
      defaultValue: '',
    }),
);
