import type { Command } from '@signalbox/event-model';
import { asFields, asStructure, asText, type Fields } from '../../../mapping/reading/coerce.ts';
import type { DeliveryReport } from '../../runtime.ts';
import type { ResumeEntry } from '../ag-ui/answers.ts';

/** An order as it stands in `<prefix>:cmd:<agent>`. */
export interface BusCommand {
  v: 1;
  id: string;
  type: 'resume' | 'stop' | 'task.add' | 'task.cancel' | 'task.reorder';
  workflowId: string | null;
  threadId?: string;
  interruptId?: string;
  status?: 'resolved' | 'cancelled';
  payload: unknown;
  /** Login of the person. */
  by: string;
  expiresAt: string | null;
}

/** Where an order goes. */
export interface Address {
  workflow: string | null;
  threadId: string | null;
}

/** The answer to an interrupt. */
export function resumeCommand(command: Command, entry: ResumeEntry, address: Address): BusCommand {
  const { interruptId, status, payload = null } = entry;
  return { ...envelope(command, address), type: 'resume', interruptId, status, payload };
}

/** A stop, a task, a change of the plan; null for what cannot be said. */
export function plainCommand(command: Command, address: Address): BusCommand | null {
  const { kind, id, payload } = command;
  if (kind === 'stop') return { ...envelope(command, address), type: kind, payload };
  if (kind === 'task.add') return { ...envelope(command, address), type: kind, payload: { id, ...payload } };
  if (kind === 'task.cancel' || kind === 'task.reorder') return { ...envelope(command, address), type: kind, payload };
  return null;
}

function envelope({ id, requestedBy, expiresAt }: Command, { workflow, threadId }: Address) {
  const thread = threadId === null ? {} : { threadId };
  return { v: 1 as const, id, workflowId: workflow, ...thread, by: requestedBy.login, expiresAt };
}

const STATES = {
  accepted: 'acked',
  acked: 'acked',
  done: 'effective',
  effective: 'effective',
  refused: 'refused',
} as const;

/** An acknowledgement: `done`, `refused: too late`, or `{"state": "refused", "reason": "too late"}`; null for neither. */
export function readAck(value: unknown): DeliveryReport | null {
  const { said, reason } = asFields(value) === null ? spoken(String(value)) : stated(asFields(value) ?? {});
  const state = Object.hasOwn(STATES, said) ? STATES[said as keyof typeof STATES] : null;
  if (state === null) return null;
  const evidence = reason?.slice(0, 4000) ?? `the agent says ${said}`;
  return { state, evidence, problem: state === 'refused' ? (reason ?? 'The agent refused it.') : null };
}

interface Ack {
  said: string;
  reason: string | null;
}

function stated(fields: Fields): Ack {
  const said = asText(fields['state']) ?? asText(fields['status']) ?? '';
  return { said, reason: asText(fields['reason']) ?? asText(fields['evidence']) };
}

function spoken(text: string): Ack {
  const fields = asFields(asStructure(text));
  if (fields !== null) return stated(fields);
  const [, said = '', reason = ''] = /^\s*"?(\w+)"?\s*[:,+-]?\s*(.*)$/s.exec(text) ?? [];
  return { said, reason: reason === '' ? null : reason };
}
