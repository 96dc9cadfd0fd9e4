import { asFields, canonicalJson } from '../../reading/coerce.ts';
import { applyPatch } from '../../reading/json-patch.ts';
import type { StreamEvent, StreamRun } from './stream-runs.ts';

/** The plan as the agent's shared state held it after an event. */
export interface PlanStory {
  items: unknown[];
  event: StreamEvent;
}

/** Keys of the state under which agents keep their plan, best first. */
const PLAN_KEYS = ['plan', 'todos'];

/** Every version of the plan in the state of a run. */
export function collectPlans(run: StreamRun): PlanStory[] {
  const plans: PlanStory[] = [];
  let state: unknown = {};
  let before = '';
  for (const event of run.events) {
    if (event.type === 'STATE_SNAPSHOT') state = event.event['snapshot'];
    else if (event.type === 'STATE_DELTA') state = applyPatch(state, event.event['delta']);
    else continue;
    const items = planOf(state);
    if (items === null || canonicalJson(items) === before) continue;
    before = canonicalJson(items);
    plans.push({ items, event });
  }
  return plans;
}

function planOf(state: unknown): unknown[] | null {
  const fields = asFields(state);
  const lists = PLAN_KEYS.map((key) => fields?.[key]);
  return lists.find((list): list is unknown[] => Array.isArray(list)) ?? null;
}
