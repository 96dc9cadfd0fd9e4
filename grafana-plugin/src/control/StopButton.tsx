import type { EventRow } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { Button } from '@grafana/ui';
import { useContext, useState } from 'react';
import { ControlContext } from './control-scope.ts';
import { StopDialog } from './StopDialog.tsx';
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
  const able = control.value === null || control.value.capabilities.includes('stop');
  const words =
    facts.phase === 'none' && !able ? t('stop.refuse-further', 'Refuse further actions') : stopPhaseLabel(facts.phase);
  const asked = facts.phase !== 'none';
  return (
    <>
      <Button
        size="sm"
        variant={asked ? 'secondary' : 'destructive'}
        fill="outline"
        onClick={() => setOpen(true)}
        data-testid="stop"
        data-phase={facts.phase}
      >
        {words}
      </Button>
      {open ? <StopDialog {...props} onClose={() => setOpen(false)} /> : null}
    </>
  );
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
