import type { PlanView } from '@signalbox/event-model';
import { PlanReader } from './plan-reader.ts';

test('a plan is read again once it was revised, and now and then for what came late', async () => {
  let now = 0;
  let mark = 'e1:1';
  let reads = 0;
  const plan = (runId: string): Promise<PlanView> =>
    Promise.resolve({ runId, items: [], revisions: [], reads: ++reads });
  const reader = new PlanReader({ plan, planMark: () => Promise.resolve(mark) }, 'run', () => now);

  const first = await reader.read();
  expect(await reader.read()).toBe(first);
  mark = 'e2:1';
  await reader.read();
  expect(reads).toBe(2);
  now = 30_000;
  await reader.read();

  expect(reads).toBe(3);
});
