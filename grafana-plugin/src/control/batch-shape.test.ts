import { anApproval } from '../testing/approvals.ts';
import { leavesTimeToUndo } from './approval-shape.ts';
import { findBatches, rowState } from './batch-shape.ts';
import { currentTask } from './use-approval-context.ts';

const NOON = Date.parse('2026-11-21T12:00:00.000Z');
const some = (count: number, made = {}) =>
  Array.from({ length: count }, (_, number) => anApproval({ id: `a${number}`, runId: 'r', ...made }));

test('a batch is at least two requests of one run for one action, and at most a hundred', () => {
  expect(findBatches(some(1))).toEqual([]);
  expect(findBatches(some(2)).map((batch) => batch.approvals.length)).toEqual([2]);
  expect(findBatches(some(250)).map((batch) => batch.approvals.length)).toEqual([100]);
  expect(findBatches(some(3, { runId: null }))).toEqual([]);
});

test('what is above medium risk, of an unknown tier, settled, or not to be approved is in no batch', () => {
  expect(findBatches(some(2, { risk: 'high' }))).toEqual([]);
  expect(findBatches(some(2, { risk: 'a word nobody knows' }))).toEqual([]);
  expect(findBatches(some(2, { status: 'observed' }))).toEqual([]);
  expect(findBatches(some(2, { allowedDecisions: ['respond'] }))).toEqual([]);
});

test('a row is compared with what waits now by what was shown', () => {
  const shown = anApproval();

  expect(rowState(shown, [shown])).toBe('open');
  expect(rowState(shown, [{ ...shown, shownHash: 'b'.repeat(64) }])).toBe('changed');
  expect(rowState(shown, [])).toBe('gone');
});

test('there is time to undo only where some is left to send in', () => {
  const until = (seconds: number) => ({ expiresAt: new Date(NOON + seconds * 1000).toISOString() });

  expect(leavesTimeToUndo({ expiresAt: null }, NOON)).toBe(true);
  expect([leavesTimeToUndo(until(10), NOON), leavesTimeToUndo(until(11), NOON)]).toEqual([false, true]);
});

test('the current task is the one in progress, with its place in the plan', () => {
  const items = [
    { id: '1', text: 'Find', status: 'completed' as const },
    { id: '2', text: 'Publish', status: 'in_progress' as const },
  ];

  expect(currentTask(items)).toEqual({ number: 2, total: 2, text: 'Publish' });
  expect(currentTask(items.slice(0, 1))).toBeNull();
});
