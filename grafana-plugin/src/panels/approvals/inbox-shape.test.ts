import { anApproval } from '../../testing/approvals.ts';
import { EVERYTHING, inScope, readTab, stepIn, waitingList } from './inbox-shape.ts';

test('the waiting list puts what can be answered before what is only observed', () => {
  const waiting = { pending: [anApproval({ id: 'p' })], observed: [anApproval({ id: 'o', status: 'observed' })] };

  expect(waitingList(waiting, EVERYTHING).map((approval) => approval.id)).toEqual(['p', 'o']);
  expect(waitingList(null, EVERYTHING)).toEqual([]);
});

test('a panel is narrowed by run, written either way, and workflow', () => {
  const runId = '0af76519-16cd-43dd-8448-eb211c80319c';
  const all = [anApproval({ id: 'a', runId, workflow: 'w' }), anApproval({ id: 'b' })];

  expect(inScope(all, { run: runId.replaceAll('-', ''), workflow: '' }).map((approval) => approval.id)).toEqual(['a']);
  expect(inScope(all, { run: '', workflow: 'w' }).map((approval) => approval.id)).toEqual(['a']);
  expect(inScope(all, EVERYTHING)).toHaveLength(2);
});

test('keys walk the list and stay at its ends', () => {
  const list = [anApproval({ id: 'a' }), anApproval({ id: 'b' })];

  expect([stepIn(list, null, 1), stepIn(list, 'a', 1), stepIn(list, 'b', 1), stepIn(list, 'a', -1)]).toEqual([
    'a',
    'b',
    'b',
    'a',
  ]);
  expect([readTab('mine'), readTab('x'), readTab(null)]).toEqual(['mine', 'pending', 'pending']);
});
