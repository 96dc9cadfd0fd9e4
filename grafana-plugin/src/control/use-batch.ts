import type { Approval, BatchDecisionAnswer, BatchDecisionRequest, Command } from '@signalbox/event-model';
import { useState } from 'react';
import type { CollectorError } from '../client/problem.ts';
import { fitsWhole } from './ActionCode.tsx';
import { rowState, type RowState } from './batch-shape.ts';
import { useControlScope, usePolled } from './control-scope.ts';
import { useOrder } from './use-order.ts';

/** One request of a batch as the person sees it. */
export interface BatchRow {
  approval: Approval;
  state: RowState;
  ticked: boolean;
  /** All of its arguments are on the screen. */
  whole: boolean;
  /** What the collector said is wrong with this one. */
  fault: string | null;
}

/** One answer to several requests. */
export interface Batching {
  rows: BatchRow[];
  ticked: BatchRow[];
  sending: boolean;
  refusal: CollectorError | null;
  /** The commands, in the order of what was sent; null until it was taken. */
  taken: { approval: Approval; command: Command }[] | null;
  tick: (id: string, ticked: boolean) => void;
  tickAll: (ticked: boolean) => void;
  showWhole: (id: string) => void;
  send: (decision: 'approve' | 'reject', reason: string) => void;
}

type Order = Omit<BatchDecisionRequest, 'idempotencyKey'>;

/** Gathers what is ticked and sends it as one order. What is shown stays as it was when the dialog opened. */
export function useBatch(opened: readonly Approval[]): Batching {
  const { hub } = useControlScope();
  const [shown] = useState(opened);
  const [ticks, setTicks] = useState<ReadonlySet<string>>(new Set());
  const [seen, setSeen] = useState<ReadonlySet<string>>(() => wholeOnes(shown));
  const pending = usePolled(hub.waiting).value?.pending ?? shown;
  const order = useOrder<Order, BatchDecisionAnswer>(
    (request) => hub.api.decideTogether(request),
    () => hub.refresh(),
  );
  const fault = faultOf(order.refusal);
  const rows = shown.map((approval): BatchRow => {
    const state = rowState(approval, pending);
    return {
      approval,
      state,
      ticked: state === 'open' && ticks.has(approval.id),
      whole: seen.has(approval.id),
      fault: fault?.id === approval.id ? fault.words : null,
    };
  });
  const ticked = rows.filter((row) => row.ticked);
  const tickable = rows.filter((row) => row.state === 'open' && row.whole);
  return {
    rows,
    ticked,
    sending: order.sending,
    refusal: order.refusal,
    taken: order.answer && paired(order.answer, shown),
    tick: (id, on) => setTicks((known) => new Set(on ? [...known, id] : [...known].filter((other) => other !== id))),
    tickAll: (on) => setTicks(new Set(on ? tickable.map((row) => row.approval.id) : [])),
    showWhole: (id) => setSeen((known) => new Set([...known, id])),
    send: (decision, reason) => {
      const items = ticked.map(({ approval: { id, shownHash } }) => ({ id, shownHash }));
      void order.send({ decision, ...(reason === '' ? {} : { reason }), items });
    },
  };
}

function wholeOnes(approvals: readonly Approval[]): Set<string> {
  return new Set(approvals.filter(({ action, args }) => fitsWhole(action, args)).map(({ id }) => id));
}

/** Which request a refusal is about; none where it is about all of them. */
function faultOf(refusal: CollectorError | null): { id: string; words: string } | null {
  const subject = refusal?.problem?.subject;
  return refusal && subject !== undefined ? { id: subject, words: refusal.message } : null;
}

function paired({ commands }: BatchDecisionAnswer, shown: readonly Approval[]) {
  return commands.flatMap((command) => {
    const approval = shown.find(({ id }) => id === command.target.approvalId);
    return approval ? [{ approval, command }] : [];
  });
}
