import type { Approval, Decision } from '@signalbox/event-model';
import { useRef, useState } from 'react';
import { type CollectorError, toCollectorError } from '../client/problem.ts';
import { randomId } from '../shared/random-id.ts';
import { AttemptKeys } from './attempt-keys.ts';
import { useControlScope } from './control-scope.ts';
import { leavesTimeToUndo } from './approval-shape.ts';
import { type Draft, draftConfirmation, isDraftReady, needsDraft, startDraft, toRequest } from './decision-draft.ts';
import { type Hold, useHold } from './use-hold.ts';

/** Where somebody stands with a decision. */
export interface Deciding {
  draft: Draft | null;
  /** An approval of one click that can still be undone. */
  hold: Hold;
  /** From the first click until the collector has answered. */
  sending: boolean;
  /** The collector took it. */
  sent: boolean;
  refusal: CollectorError | null;
  ready: boolean;
  choose: (decision: Decision) => void;
  change: (change: Partial<Draft>) => void;
  cancel: () => void;
  /** The next step of the draft; without one, plain approval. */
  confirm: () => void;
  dismiss: () => void;
}

/** What the person sees, and why nothing can be decided now. */
export interface Seen {
  shown: Approval;
  everythingSeen: boolean;
  blocked: string | null;
}

/** Carries a decision from the first click to the collector's answer. Nothing is sent twice, or later than the click. */
export function useDecision(approval: Approval, { shown, everythingSeen, blocked }: Seen): Deciding {
  const [draft, setDraft] = useState<Draft | null>(null);
  const hold = useHold(approval.id, blocked);
  const { send, phase, refusal, dismiss } = useSending(approval.id, shown, setDraft);
  const choose = (decision: Decision) => {
    const next = startDraft(decision, shown);
    hold.dismiss();
    if (needsDraft(decision, shown.risk, everythingSeen)) setDraft(next);
    else if (leavesTimeToUndo(approval, Date.now())) hold.start(() => void send(next));
    else void send(next);
  };
  const confirm = () => {
    if (!draft) return choose('approve');
    if (!isDraftReady(draft, shown, everythingSeen)) return;
    const more = draft.stage === 'write' && draftConfirmation(draft, shown, everythingSeen) !== 'none';
    if (more) setDraft({ ...draft, stage: 'confirm' });
    else void send(draft);
  };
  return {
    draft,
    hold,
    sending: phase === 'sending',
    sent: phase === 'sent',
    refusal,
    ready: draft === null || isDraftReady(draft, shown, everythingSeen),
    choose,
    change: (change) => setDraft((known) => (known ? { ...known, ...change } : known)),
    cancel: () => setDraft(null),
    confirm,
    dismiss,
  };
}

/** Sends a draft, once; a draft that was not taken is given back. */
function useSending(id: string, shown: Approval, setDraft: (draft: Draft | null) => void) {
  const { hub } = useControlScope();
  const [phase, setPhase] = useState<'open' | 'sending' | 'sent'>('open');
  const [refusal, setRefusal] = useState<CollectorError | null>(null);
  const keys = useRef<AttemptKeys | null>(null);
  // Two clicks may come before the first one is drawn.
  const busy = useRef(false);
  const send = async (wanted: Draft) => {
    if (busy.current) return;
    busy.current = true;
    setPhase('sending');
    setRefusal(null);
    keys.current ??= new AttemptKeys(randomId);
    const order = toRequest(wanted, shown);
    try {
      const answer = await hub.api.decide(id, { ...order, idempotencyKey: keys.current.keyOf(order) });
      keys.current.close();
      setDraft(null);
      setPhase('sent');
      if (answer.command === null) hub.approval(id).put(answer.approval);
    } catch (error) {
      setRefusal(toCollectorError(error));
      setDraft(wanted);
      setPhase('open');
    }
    busy.current = false;
    hub.approval(id).refresh();
    hub.waiting.refresh();
  };
  return { send, phase, refusal, dismiss: () => setRefusal(null) };
}
