import type { EventRow, RunControl } from '@signalbox/event-model';
import type { IconName } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Button } from '@grafana/ui';
import { useContext, useState } from 'react';
import type { Polled } from '../client/poller.ts';
import { ControlContext } from './control-scope.ts';
import { StopDialog } from './StopDialog.tsx';
import type { StopPhase } from './stop-shape.ts';
import { stopPhaseLabel } from './StopSteps.tsx';
import { useStop } from './use-stop.ts';

interface StopButtonProps {
  runId: string;
  name: string;
  rows: readonly EventRow[];
}

/** Stops a run, and tells in its own words how far that is. Absent where nothing can be steered. */
export function StopButton(props: StopButtonProps) {
  const scope = useContext(ControlContext);
  return scope ? <LiveStopButton {...props} /> : null;
}

function LiveStopButton(props: StopButtonProps) {
  const { facts, control } = useStop(props.runId);
  const [open, setOpen] = useState(false);
  const { phase } = facts;
  // Nothing was asked and nothing is left to ask: where it was asked, what came of it can still be read.
  const over = phase === 'ended' && facts.kind === null;
  const icon = ICONS[phase];
  return (
    <>
      <Button
        size="sm"
        variant={phase === 'none' ? 'destructive' : 'secondary'}
        fill="outline"
        {...(icon ? { icon } : {})}
        disabled={over}
        tooltip={over ? stopPhaseLabel('ended') : undefined}
        onClick={() => setOpen(true)}
        data-testid="stop"
        data-phase={phase}
      >
        {over ? stopPhaseLabel('none') : phase === 'none' ? askWords(control) : stopPhaseLabel(phase)}
      </Button>
      {open ? <StopDialog {...props} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

const ICONS: Partial<Record<StopPhase, IconName>> = { stopped: 'check', barred: 'lock' };

function askWords({ value }: Polled<RunControl>): string {
  const able = value === null || value.capabilities.includes('stop');
  return able ? stopPhaseLabel('none') : t('stop.refuse-further', 'Refuse further actions');
}

/** The same where there is room for a word only; it asks nothing of the collector until it is opened. */
export function StopLink(props: StopButtonProps & { className: string }) {
  const scope = useContext(ControlContext);
  const [open, setOpen] = useState(false);
  if (!scope) return null;
  const { className, ...dialog } = props;
  return (
    // A dialog's events travel up the tree it was made in, where a click folds the run and keys walk the list.
    <span onClick={(event) => event.stopPropagation()} onKeyDown={(event) => event.stopPropagation()}>
      <button type="button" className={className} onClick={() => setOpen(true)} data-testid="stop-link">
        {t('stop.none', 'Stop…')}
      </button>
      {open ? <StopDialog {...dialog} onClose={() => setOpen(false)} /> : null}
    </span>
  );
}
