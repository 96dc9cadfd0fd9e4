import type { Command } from '@signalbox/event-model';
import { CollectorError } from '../client/problem.ts';
import { hidesCharacters, splitInvisible } from '../shared/invisible-text.ts';
import { aCommand, anApproval } from '../testing/approvals.ts';
import {
  byUrgency,
  confirmationFor,
  confirmationText,
  nextPending,
  offeredDecisions,
  shortHash,
} from './approval-shape.ts';
import { callLines, foldLines } from './args-lines.ts';
import { AttemptKeys } from './attempt-keys.ts';
import { commandProgress, isUnanswered } from './command-steps.ts';
import { isDraftReady, startDraft, toRequest } from './decision-draft.ts';
import { diffArgs, readEdit, splitChange } from './edit-args.ts';
import { mayTryAgain, refusalKind } from './refusal-kind.ts';
import { isAfterStop, stopFacts, stopReach } from './stop-shape.ts';
import { proposedTasks } from './task-shape.ts';

const NOON = Date.parse('2026-11-21T12:00:00.000Z');
const BY = { login: 'anna', name: 'Anna', via: 'grafana' } as const;

describe('confirming', () => {
  test.each([
    ['approve', 'low', true, 'none'],
    ['approve', 'medium', true, 'none'],
    ['approve', 'medium', false, 'step'],
    ['approve', 'high', true, 'step'],
    ['edit', 'high', true, 'step'],
    ['approve', 'critical', true, 'type'],
    ['approve', 'a word nobody knows', true, 'type'],
    ['reject', 'critical', true, 'none'],
  ] as const)('%s at %s risk, all seen %s: %s', (decision, risk, seen, expected) => {
    expect(confirmationFor(decision, risk, seen)).toBe(expected);
  });

  test('a critical action is confirmed by what it acts on, else by its own name', () => {
    expect(confirmationText(anApproval({ args: { table: 'orders', path: 'x' } }))).toBe('x');
    expect(confirmationText(anApproval({ args: { table: 'orders' } }))).toBe('orders');
    expect(confirmationText(anApproval({ args: [1] }))).toBe('publish_report');
  });

  test('a rejection needs a reason, a typed name must be the name', () => {
    const approval = anApproval({ risk: 'critical', args: { table: 'orders' } });
    const reject = startDraft('reject', approval);
    const approve = startDraft('approve', approval);

    expect(isDraftReady(reject, approval, true)).toBe(false);
    expect(isDraftReady({ ...reject, reason: 'no' }, approval, true)).toBe(true);
    expect(isDraftReady({ ...approve, typed: 'order' }, approval, true)).toBe(false);
    expect(isDraftReady({ ...approve, typed: 'orders' }, approval, true)).toBe(true);
  });

  test('what is sent names the hash that was shown and keeps the types of edited arguments', () => {
    const approval = anApproval({ args: { copies: 2 } });
    const draft = { ...startDraft('edit', approval), args: '{"copies": 3}' };

    expect(toRequest(draft, approval)).toEqual({
      decision: 'edit',
      shownHash: approval.shownHash,
      args: { copies: 3 },
    });
  });

  test('one key an attempt: the same order keeps it, another one does not', () => {
    let made = 0;
    const keys = new AttemptKeys(() => `key-${(made += 1)}`);

    expect([keys.keyOf({ a: 1 }), keys.keyOf({ a: 1 }), keys.keyOf({ a: 2 })]).toEqual(['key-1', 'key-1', 'key-2']);
    keys.close();
    expect(keys.keyOf({ a: 2 })).toBe('key-3');
  });
});

describe('what is shown', () => {
  test('decisions come in one order, the hash by its ends', () => {
    expect(offeredDecisions(anApproval({ allowedDecisions: ['reject', 'respond', 'approve'] }))).toEqual([
      'approve',
      'respond',
      'reject',
    ]);
    expect(shortHash('9f2c00000000000071ab')).toBe('9f2c…71ab');
  });

  test('a call is shown as it is sent; odd names and line ends cannot pass for code', () => {
    expect(callLines('publish', { path: 'a', n: 2 })).toEqual(['publish({', '  "path": "a",', '  "n": 2', '})']);
    expect(callLines('ls', null)).toEqual(['ls()']);
    expect(callLines('rm) ; safe(', {})).toEqual(['"rm) ; safe("({})']);
    expect(callLines('sql', 'a\nb')).toEqual(['sql(', '  "a\\n"', '  "b"', ')']);
  });

  test('what does not fit is counted', () => {
    const folded = foldLines(['12345678', 'b', 'cc'], { lines: 2, columns: 5 });

    expect(folded).toMatchObject({ hiddenLines: 1, hiddenCharacters: 5 });
    expect(folded.lines[0]).toEqual({ text: '12345', cut: 3 });
  });

  test('characters that are not seen become marks', () => {
    expect(splitInvisible('a\u202Eb\u200Bc')).toEqual([
      { kind: 'text', text: 'a' },
      { kind: 'invisible', code: 'U+202E' },
      { kind: 'text', text: 'b' },
      { kind: 'invisible', code: 'U+200B' },
      { kind: 'text', text: 'c' },
    ]);
    expect(hidesCharacters('Обычный текст\n\t“так”, 中文, 🙂')).toBe(false);
    expect(hidesCharacters('tag \u{E0041}')).toBe(true);
  });

  test('the most urgent comes first, what others must decide last; next goes around', () => {
    const soon = anApproval({ id: 'soon', expiresAt: '2026-11-21T12:01:00.000Z' });
    const late = anApproval({ id: 'late' });
    const others = anApproval({
      id: 'others',
      expiresAt: '2026-11-21T12:00:01.000Z',
      mayDecide: { allowed: false, reason: 'no', who: [] },
    });
    const all = [late, others, soon];

    expect(byUrgency(all).map((approval) => approval.id)).toEqual(['soon', 'late', 'others']);
    expect(nextPending(all, 'others')?.id).toBe('soon');
    expect(nextPending(all, 'gone')?.id).toBe('soon');
    expect(nextPending([soon], 'soon')).toBeNull();
  });
});

describe('edits', () => {
  test('keep types, and must change something', () => {
    const before = { n: 2, s: 'x', deep: { on: true }, none: null };

    expect(readEdit('{"n":"2"}', before).problems).toEqual([
      { kind: 'type', path: 'n', before: 'number', after: 'string' },
    ]);
    expect(readEdit('{"deep":{"on":1}}', before).problems[0]).toMatchObject({ path: 'deep.on' });
    expect(readEdit('{', before).problems[0]?.kind).toBe('syntax');
    expect(readEdit(JSON.stringify(before), before).problems[0]?.kind).toBe('unchanged');
    expect(readEdit('{"n":3,"none":5}', before).value).toEqual({ n: 3, none: 5 });
  });

  test('are told value by value', () => {
    expect(diffArgs({ a: 'one', list: [1, 2] }, { a: 'two', list: [1], more: {} })).toEqual([
      { path: 'a', before: '"one"', after: '"two"' },
      { path: 'list[1]', before: '2', after: null },
      { path: 'more', before: null, after: '{}' },
    ]);
    expect(splitChange('"reports/a.md"', '"reports/b.md"')).toEqual({
      start: '"reports/',
      before: 'a',
      after: 'b',
      end: '.md"',
    });
  });
});

describe('a command', () => {
  test('claims only what its history says', () => {
    const { steps, reached, end } = commandProgress(aCommand(['queued', 'acked']));

    expect(steps.map((step) => [step.name, step.at !== null])).toEqual([
      ['sent', true],
      ['delivered', false],
      ['acked', true],
      ['effective', false],
    ]);
    expect([reached, end]).toEqual(['acked', null]);
  });

  test('that ended badly says how and why', () => {
    const command = aCommand(['queued', 'refused'], { problem: 'I am done' });

    expect(commandProgress(command).end).toMatchObject({ kind: 'refused', words: 'I am done' });
  });

  test('counts as unanswered after ten seconds without a word of the agent', () => {
    expect(isUnanswered(aCommand(['queued', 'delivered']), NOON + 9_999)).toBe(false);
    expect(isUnanswered(aCommand(['queued', 'delivered']), NOON + 10_000)).toBe(true);
    expect(isUnanswered(aCommand(['queued', 'acked']), NOON + 60_000)).toBe(false);
  });
});

describe('a stop', () => {
  const stop = (command: ReturnType<typeof aCommand>) => ({
    command,
    requestedAt: command.createdAt,
    by: BY,
    lastActivityAt: null,
  });

  const asked = (command: Command, ended = false) => ({ stop: stop(command), ended });

  test.each([
    [['queued'], 0, 'requested'],
    [['queued', 'delivered'], 5_000, 'requested'],
    [['queued', 'delivered'], 10_000, 'unanswered'],
    [['queued', 'delivered', 'acked'], 60_000, 'acknowledged'],
    [['queued', 'delivered', 'acked', 'effective'], 60_000, 'stopped'],
    [['queued', 'refused'], 1000, 'refused'],
    [['queued', 'failed'], 1000, 'failed'],
  ] as const)('%j after %d ms is %s', (states, afterMs, phase) => {
    expect(stopFacts(asked(aCommand([...states])), null, NOON + afterMs).phase).toBe(phase);
  });

  test('asked for again, counts by the order the agent answered', () => {
    const first = aCommand(['queued', 'delivered']);
    const again = aCommand(['queued', 'delivered', 'acked'], { id: 'c2' });

    expect(stopFacts(asked(first), again, NOON + 20_000).phase).toBe('acknowledged');
    expect(stopFacts(asked(again), aCommand(['queued'], { id: 'c3' }), NOON + 1000).phase).toBe('acknowledged');
  });

  test('a bar is never a stop, and a stop tops a bar', () => {
    const bar = aCommand(['queued', 'effective'], { kind: 'bar' });
    const order = aCommand(['queued', 'acked'], { kind: 'stop', id: 'c2' });

    expect(stopFacts(asked(bar), null, NOON)).toMatchObject({ phase: 'barred', kind: 'bar', stoppedAt: null });
    expect(stopFacts(asked(bar), order, NOON).phase).toBe('acknowledged');
    expect(stopFacts(asked(order), bar, NOON).phase).toBe('acknowledged');
  });

  test('of a run that has ended waits for nobody, and claims nothing the agent did not say', () => {
    expect(stopFacts({ stop: null, ended: true }, null, NOON)).toMatchObject({ phase: 'ended', kind: null });
    expect(stopFacts(asked(aCommand(['queued'], { kind: 'stop' }), true), null, NOON + 60_000)).toMatchObject({
      phase: 'ended',
      kind: 'stop',
      stoppedAt: null,
    });
    expect(stopFacts(asked(aCommand(['effective'], { kind: 'stop' }), true), null, NOON).phase).toBe('stopped');
  });

  test('flags what came after it, and knows what it touches', () => {
    const row = { id: 'x', runId: 'r', type: 'tool_call', status: 'in_progress', tool: 'sql' } as never;

    expect(isAfterStop({ startedAt: '2026-11-21T12:00:01.000000000Z' }, '2026-11-21T12:00:00.500Z')).toBe(true);
    expect(isAfterStop({ startedAt: '2026-11-21T12:00:00.000000000Z' }, '2026-11-21T12:00:00.500Z')).toBe(false);
    expect(stopReach('r', [anApproval({ runId: 'r' }), anApproval({ runId: 'other' })], [row])).toEqual({
      approvals: ['publish_report'],
      toolCalls: ['sql'],
    });
  });
});

test('a task is proposed until the agent says more, and late when it is not reached', () => {
  const queued = aCommand(['queued'], { kind: 'task.add', payload: { text: 'check' } });
  const accepted = aCommand(['queued', 'delivered', 'acked'], { kind: 'task.add', payload: { text: 'sum up' } });

  expect(proposedTasks([queued, aCommand(['queued']), accepted], NOON + 10_000)).toMatchObject([
    { text: 'sum up', state: 'accepted', late: false },
    { text: 'check', state: 'proposed', late: true },
  ]);
});

test.each([
  [409, 'interrupt_not_pending', 'settled', false],
  [409, 'changed_since_shown', 'changed', false],
  [410, 'expired', 'expired', false],
  [403, 'not_allowed', 'forbidden', false],
  [403, 'proxy', 'forbidden', false],
  [422, 'decision_not_offered', 'not_offered', false],
  [409, 'run_stopped', 'run_stopped', false],
  [503, 'database_unavailable', 'unavailable', true],
  [0, '', 'offline', true],
])('%d %s is %s', (status, code, kind, again) => {
  const error = new CollectorError(status, code === '' ? null : { type: '', title: code, status, code, detail: code });

  expect([refusalKind(error), mayTryAgain(refusalKind(error))]).toEqual([kind, again]);
});
