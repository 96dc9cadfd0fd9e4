import type { Capability, RunControl } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import type { Polled } from '../client/poller.ts';
import { AS_IS } from '../shared/as-is.ts';

/** Why a run cannot be steered now, or what to know before. */
export interface SteerBlock {
  blocked: boolean;
  /** The agent never said it could do this. */
  missing: boolean;
  note: string | null;
}

/** Weighs right, channel, capability and connection, in this order. */
export function steerBlock({ value, error }: Polled<RunControl>, capability: Capability): SteerBlock {
  if (value === null) {
    const note = error ? t('steer.unknown', 'The collector does not say what can be done with this run.') : null;
    return { blocked: true, missing: false, note };
  }
  const { maySteer, runtime, capabilities, agent, reason } = value;
  if (!maySteer.allowed) {
    const who =
      maySteer.who.length === 0
        ? ''
        : ` ${t('decide.who-can', 'These can: {{who}}.', { who: maySteer.who.join(', '), ...AS_IS })}`;
    return {
      blocked: true,
      missing: false,
      note: `${maySteer.reason ?? t('steer.may-not', 'You may not steer runs.')}${who}`,
    };
  }
  if (runtime === null) return { blocked: true, missing: true, note: reason };
  if (!capabilities.includes(capability)) {
    const note = t('steer.missing', '{{agent}} did not say that it can do this.', {
      agent: agent ?? t('card.unknown-agent', 'An unknown agent'),
      ...AS_IS,
    });
    return { blocked: true, missing: true, note };
  }
  if (error)
    return {
      blocked: true,
      missing: false,
      note: t('decide.stale', 'The collector does not answer, so nothing can be decided now.'),
    };
  return { blocked: false, missing: false, note: reason };
}

/** The same for what is asked of a run that goes on: one that ended, or was told to stop, takes nothing more. */
export function orderBlock(control: Polled<RunControl>, capability: Capability): SteerBlock {
  const block = steerBlock(control, capability);
  const over = overNote(control.value);
  return over === null || block.missing ? block : { blocked: true, missing: false, note: over };
}

function overNote(value: RunControl | null): string | null {
  if (value?.stop) {
    return value.stop.command.kind === 'bar'
      ? t('steer.barred', 'Further actions of the run are refused.')
      : t('task.stopped', 'The run was asked to stop.');
  }
  return value?.ended ? t('steer.ended', 'The run has ended.') : null;
}
