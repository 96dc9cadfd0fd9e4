import type { PlanView } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { Alert, useStyles2 } from '@grafana/ui';
import { ExactText } from '../shared/ExactText.tsx';
import { useNow } from '../shared/use-now.ts';
import { AgentPlanPart } from './AgentPlanPart.tsx';
import { useControlScope, usePolled } from './control-scope.ts';
import { planProposals, type PlanProposal } from './plan-proposals.ts';
import { ambiguousIds, isOpen, plansOf } from './plan-shape.ts';
import { getPlanStyles } from './plan-styles.ts';
import { proposalWords } from './plan-words.ts';
import { ProposalLine } from './ProposalLine.tsx';
import { type SteerBlock, orderBlock } from './steer-block.ts';
import { type PlanChanges, usePlanChanges } from './use-plan-changes.ts';

/** More of them nobody reads; the audit has all. */
const MOST_SHOWN = 5;
/** Items of a proposed order that are spelled out. */
const MOST_NAMED = 8;
const UNREAD: PlanView = { runId: '', items: [], revisions: [] };

/** The plan of a run as it is, and what people propose about it. Nothing is edited here: the agent takes it up, or not. */
export function PlanBox({ runId }: { runId: string }) {
  const styles = useStyles2(getPlanStyles);
  const { hub } = useControlScope();
  const control = usePolled(hub.run(runId));
  const plan = usePolled(hub.plan(runId));
  const changes = usePlanChanges(runId);
  const tasks = control.value?.tasks ?? [];
  const now = useNow(tasks.length > 0);
  const proposals = planProposals(tasks, plan.value ?? UNREAD, now);
  const steer = orderBlock(control, 'plan');
  const empty = plan.value?.items.length === 0;
  return (
    <section aria-label={t('plan-box.title', 'Plan')} data-testid="plan-box">
      {plan.value === null ? (
        <p className={styles.note} role="status" style={{ margin: 0 }}>
          {plan.error
            ? t('plan-box.unread', 'The plan could not be read: {{problem}}', { problem: plan.error.message })
            : t('plan-box.loading', 'Reading the plan…')}
        </p>
      ) : (
        <Plans view={plan.value} block={blockOf(steer, changes)} proposals={proposals} changes={changes} />
      )}
      {empty ? <p className={styles.quiet}>{t('plan-box.empty', 'No plan is known of this run.')}</p> : null}
      {steer.note === null || empty ? null : (
        <p className={styles.note} role="status" data-testid="plan-hint">
          {steer.note}
        </p>
      )}
      <Unsent changes={changes} />
      {plan.value === null ? null : <Proposals proposals={proposals} view={plan.value} />}
    </section>
  );
}

function blockOf({ blocked, note }: SteerBlock, { sending }: PlanChanges): string | null {
  if (blocked) return note ?? t('plan-box.not-known-yet', 'It is not known yet what can be done with this run.');
  return sending === null ? null : t('decide.sending', 'Sending…');
}

interface PlansProps {
  view: PlanView;
  block: string | null;
  proposals: readonly PlanProposal[];
  changes: PlanChanges;
}

function Plans({ view, ...shared }: PlansProps) {
  const plans = plansOf(view);
  const ambiguous = ambiguousIds(view);
  return plans.map((plan) => (
    <AgentPlanPart key={plan.owner} plan={plan} oneOfMany={plans.length > 1} ambiguous={ambiguous} {...shared} />
  ));
}

/** Why the last proposal did not get to the collector. */
function Unsent({ changes: { refusal, stale } }: { changes: PlanChanges }) {
  const styles = useStyles2(getPlanStyles);
  return (
    <div role="status">
      {/* An order says so itself, where it can be looked at. */}
      {stale === 'cancel' ? (
        <p className={styles.changed} data-testid="plan-stale">
          {t('plan-box.stale', 'Plan changed since you opened it – review. Nothing was sent.')}
        </p>
      ) : null}
      {refusal ? (
        <Alert
          severity="error"
          topSpacing={1}
          bottomSpacing={0}
          title={t('plan-box.refused', 'The proposal was not taken')}
        >
          <ExactText text={[refusal.message, refusal.problem?.hint].filter(Boolean).join(' ')} />
        </Alert>
      ) : null}
    </div>
  );
}

/** Proposed orders, and what was proposed about items the plan has no more; the others say it themselves. */
function Proposals({ proposals, view }: { proposals: readonly PlanProposal[]; view: PlanView }) {
  const styles = useStyles2(getPlanStyles);
  const here = new Set(view.items.map(({ id }) => id));
  const apart = proposals.filter(({ change, items }) => change === 'reorder' || !items.some((id) => here.has(id)));
  const [newest] = proposals;
  const name = t('plan-box.proposals', 'Proposals');
  return (
    <>
      <p role="status" className={styles.hidden}>
        {newest ? proposalWords(newest) : null}
      </p>
      {apart.length === 0 ? null : (
        <ul className={styles.proposals} aria-label={name} tabIndex={0} data-testid="plan-proposals">
          {apart.slice(0, MOST_SHOWN).map((proposal) => (
            <li key={proposal.id}>
              <ProposalLine proposal={proposal}>
                <ProposalItems proposal={proposal} view={view} />
              </ProposalLine>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** What a proposal is about, by the texts the items have or had. */
function ProposalItems({ proposal: { change, items }, view }: { proposal: PlanProposal; view: PlanView }) {
  const styles = useStyles2(getPlanStyles);
  const known = [...view.items, ...view.revisions.toReversed().flatMap((revision) => revision.items)];
  const textOf = (id: string) => known.find((item) => item.id === id)?.text ?? id;
  if (change === 'cancel') return <ExactText text={items.map(textOf).join(', ')} />;
  const closed = new Set(view.items.filter((item) => !isOpen(item)).map(({ id }) => id));
  const ahead = items.filter((id) => !closed.has(id)).map(textOf);
  const rest = ahead.length > MOST_NAMED ? ' → …' : '';
  return (
    <>
      <span className={styles.quiet}>{t('plan-box.order', 'Order:')}</span>
      <ExactText text={ahead.slice(0, MOST_NAMED).join(' → ') + rest} />
    </>
  );
}
