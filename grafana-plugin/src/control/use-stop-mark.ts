import { useContext } from 'react';
import { ControlContext, usePolled } from './control-scope.ts';

/** Since when the run being watched should be stopping, or is barred; null while nobody asked for either. */
export function useStopMark(runId: string | null): { runId: string; at: string; kind: 'stop' | 'bar' } | null {
  const scope = useContext(ControlContext);
  const poller = scope && runId !== null ? scope.hub.run(runId) : null;
  const stop = usePolled(poller).value?.stop;
  return runId !== null && stop
    ? { runId, at: stop.requestedAt, kind: stop.command.kind === 'bar' ? 'bar' : 'stop' }
    : null;
}
