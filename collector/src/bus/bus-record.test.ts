import { readEntry, readMessage, type BusEntry } from './bus-entry.ts';
import { toRecord, traceIdOf } from './bus-record.ts';

const ID = '1790000000000-3';

function entry(message: Record<string, unknown>, id = ID): BusEntry {
  const { entry: found, reason } = readMessage(
    id,
    JSON.stringify({ v: 1, workflowId: 'wf', agentId: 'coder', ...message }),
  );
  if (found === undefined) throw new Error(reason);
  return found;
}
const content = { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm', delta: 'hi' };

test('an event is a log record of the bus with its body whole', () => {
  const record = toRecord(entry({ seq: 4, threadId: 't', event: content }), 'r');

  expect(record).toMatchObject({
    eventName: 'ag-ui.TEXT_MESSAGE_CONTENT',
    scope: { name: 'signalbox.bus' },
    timeNs: 1_790_000_000_000_000_000n,
  });
  expect(record.traceId).toBe(traceIdOf('wf', 'r'));
  expect(Object.fromEntries(record.attributes.entries())).toEqual({
    'gen_ai.agent.name': 'coder',
    'gen_ai.conversation.id': 't',
    'ag-ui.message_id': 'm',
    'ag-ui.run_id': 'r',
    'ag-ui.thread_id': 't',
    'signalbox.workflow': 'wf',
    'signalbox.bus.seq': 4,
  });
  expect(Object.fromEntries((record.body as typeof record.attributes).entries())).toEqual(content);
});

test('fields one by one say the same as one JSON text', () => {
  const flat = readEntry(ID, [
    'v',
    '1',
    'workflowId',
    'wf',
    'agentId',
    'coder',
    'seq',
    '4',
    'event',
    JSON.stringify(content),
  ]);

  expect(flat.entry).toEqual(entry({ seq: 4, event: content }));
});

test('two equal pieces without a number are two; a numbered one sent again with its time is the same record', () => {
  const [first, second] = [ID, '1790000000000-4'].map((id) => toRecord(entry({ event: content }, id), 'r'));
  const timed = { ...content, timestamp: 1_790_000_000_001 };
  const [once, again] = [ID, '1790000000555-0'].map((id) => toRecord(entry({ seq: 1, event: timed }, id), 'r'));

  expect(first).not.toEqual(second);
  expect(once).toEqual(again);
});

test('the trace of the sender is kept, a broken one is not', () => {
  const traceId = 'A1'.repeat(16);
  const known = toRecord(entry({ traceId, spanId: 'b2'.repeat(8), event: content }), null);
  const broken = toRecord(entry({ traceId: 'xyz', spanId: 'b2'.repeat(8), event: content }), null);

  expect(known).toMatchObject({ traceId: 'a1'.repeat(16), spanId: 'b2'.repeat(8) });
  expect(broken).toMatchObject({ traceId: traceIdOf('wf', null), spanId: null });
});

test('an event of the own vocabulary gets its attributes, short names in its name space', () => {
  const value = { items: [{ id: '1' }], 'plan.reason': 'r', 'gen_ai.agent.name': 'other', 'signalbox.plan.x': ['a'] };
  const record = toRecord(entry({ event: { type: 'CUSTOM', name: 'signalbox.plan.set', value } }), 'r');

  expect(record).toMatchObject({ eventName: 'signalbox.plan.set', body: null });
  expect(record.attributes.get('signalbox.plan.items')).toBe('[{"id":"1"}]');
  expect(record.attributes.get('signalbox.plan.reason')).toBe('r');
  expect(record.attributes.get('signalbox.plan.x')).toEqual(['a']);
  expect(record.attributes.get('gen_ai.agent.name')).toBe('other');
});

test('what no database holds is replaced', () => {
  const record = toRecord(entry({ event: { ...content, delta: 'a\0b\ud800' } }), 'r');

  expect((record.body as typeof record.attributes).get('delta')).toBe('a\uFFFDb\uFFFD');
});
