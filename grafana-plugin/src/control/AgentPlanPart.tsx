import type { OwnedPlanItem } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { Button, useStyles2 } from '@grafana/ui';
import { useEffect, useRef, useState } from 'react';
import { AS_IS } from '../shared/as-is.ts';
import { ExactText } from '../shared/ExactText.tsx';
import type { PlanProposal } from './plan-proposals.ts';
import { type AgentPlan, planProgress } from './plan-shape.ts';
import { getPlanStyles } from './plan-styles.ts';
import { PlanRow } from './PlanRow.tsx';
import { cancelOf, rowBlocks } from './row-blocks.ts';
import type { PlanChanges } from './use-plan-changes.ts';
import { type PlanOrder, usePlanOrder } from './use-plan-order.ts';

interface AgentPlanPartProps {
  plan: AgentPlan;
  /** Whether the run has plans of others beside it. */
  oneOfMany: boolean;
  /** Why nothing can be proposed now; null when it can. */
  block: string | null;
  ambiguous: ReadonlySet<string>;
  proposals: readonly PlanProposal[];
  changes: PlanChanges;
}

/** The plan of one agent, all of it, and what can be proposed about it. */
export function AgentPlanPart(props: AgentPlanPartProps) {
  const { plan, oneOfMany, block, changes } = props;
  const styles = useStyles2(getPlanStyles);
  const order = usePlanOrder(plan, changes);
  const { list, said, move } = useMoves(order);
  const { done, total } = planProgress(plan.items);
  const name = t('plan-box.items', 'Plan of {{owner}}', { owner: plan.owner, ...AS_IS });
  const current = plan.items.find(({ status }) => status === 'in_progress')?.id;
  return (
    <div data-testid="agent-plan">
      <div className={styles.head}>
        <h3 className={styles.title}>{oneOfMany ? <ExactText text={name} /> : t('plan-box.title', 'Plan')}</h3>
        <span className={styles.quiet} data-testid="plan-progress">
          {t('plan-box.progress', '{{done}}/{{total}} done', { done, total })}
        </span>
      </div>
      {/* What scrolls must be reachable by keys, also where nothing in it can be pressed. */}
      <ul ref={list} className={styles.list} aria-label={name} tabIndex={0} data-testid="plan-items">
        {order.items.map((item) => (
          <PlanRow
            key={item.id}
            item={item}
            current={item.id === current}
            moved={order.isMoved(item.id)}
            blocks={rowBlocks(item.id, { ...props, order: order.order })}
            proposal={cancelOf(item.id, props.proposals)}
            onCancel={() => void changes.propose({ change: 'cancel', item })}
            onMove={(by) => move(item, by)}
          />
        ))}
      </ul>
      <p role="status" className={styles.hidden}>
        {said}
      </p>
      {order.begun ? <OrderBar order={order} block={block} sending={changes.sending === 'reorder'} /> : null}
    </div>
  );
}

/** Moves items, says where they are now, and keeps the focus on the button that was pressed. */
function useMoves(order: PlanOrder) {
  const list = useRef<HTMLUListElement>(null);
  const pressed = useRef<{ id: string; action: string } | null>(null);
  const [said, setSaid] = useState('');
  useEffect(() => {
    const current = list.current?.querySelector<HTMLElement>('[data-current="true"]');
    // By hand, for the page itself must not move.
    if (current && list.current) list.current.scrollTop = current.offsetTop - list.current.offsetTop;
  }, []);
  // A row that changes places is taken out of the page for a moment, and the focus with it.
  useEffect(() => {
    if (pressed.current === null) return;
    const { id, action } = pressed.current;
    pressed.current = null;
    const row = [...(list.current?.children ?? [])].find(
      (one) => one instanceof HTMLElement && one.dataset.item === id,
    );
    row?.querySelector<HTMLElement>(`[data-action="${action}"]`)?.focus();
  });
  const move = (item: OwnedPlanItem, by: -1 | 1) => {
    pressed.current = { id: item.id, action: by < 0 ? 'up' : 'down' };
    const place = order.order.indexOf(item.id) + 1 + by;
    const where = { text: item.text, place, total: order.order.length, ...AS_IS };
    setSaid(t('plan-box.placed', '“{{text}}” is {{place}} of {{total}} that can be moved.', where));
    order.move(item.id, by);
  };
  return { list, said, move };
}

interface OrderBarProps {
  order: PlanOrder;
  block: string | null;
  sending: boolean;
}

function OrderBar({ order, block, sending }: OrderBarProps) {
  const styles = useStyles2(getPlanStyles);
  const review = t('plan-box.review-first', 'Look at the changed plan first.');
  const why = block ?? (order.changed ? review : null);
  return (
    <>
      <div role="status">
        {order.changed ? (
          <div className={styles.changed} data-testid="plan-changed">
            <span>{t('plan-box.changed', 'Plan changed since you opened it – review')}</span>
            <Button size="sm" variant="secondary" onClick={order.review}>
              {t('plan-box.reviewed', 'I have looked at it')}
            </Button>
          </div>
        ) : null}
      </div>
      <div className={styles.orderBar} data-testid="plan-order">
        <Button
          size="sm"
          disabled={why !== null || sending}
          {...(why === null ? {} : { tooltip: why })}
          onClick={order.send}
        >
          {sending ? t('decide.sending', 'Sending…') : t('plan-box.propose', 'Propose this order')}
        </Button>
        <Button size="sm" variant="secondary" disabled={sending} onClick={order.reset}>
          {t('plan-box.reset', 'Reset')}
        </Button>
        <span className={styles.quiet}>{t('plan-box.not-sent', 'Not sent yet.')}</span>
      </div>
    </>
  );
}
