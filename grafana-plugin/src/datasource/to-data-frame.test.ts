import { makeRow } from '../testing/rows.ts';
import { rowsToAnnotationFrame, rowsToLogFrame } from './to-data-frame.ts';

const rows = [
  makeRow({ id: 'a', startedAt: '2026-11-20T09:00:00.123456789Z', summary: 'asks', model: 'qwen3' }),
  makeRow({ id: 'b', status: 'error', tool: 'search', workflow: 'prices', endedAt: '2026-11-20T09:00:02Z' }),
  makeRow({ id: 'c', status: 'waiting' }),
];

describe('rows as log lines', () => {
  const frame = rowsToLogFrame(rows, 'A');
  const values = (name: string): unknown[] => frame.fields.find((field) => field.name === name)?.values ?? [];

  test('have the fields and types of the log-lines contract', () => {
    expect(frame).toMatchObject({
      refId: 'A',
      length: 3,
      meta: { type: 'log-lines', preferredVisualisationType: 'logs' },
    });
    expect(frame.fields.map((field) => [field.name, field.type])).toEqual([
      ['timestamp', 'time'],
      ['body', 'string'],
      ['severity', 'string'],
      ['id', 'string'],
      ['labels', 'other'],
      ['event', 'other'],
    ]);
    for (const field of frame.fields) expect(field.values).toHaveLength(3);
  });

  test('keep nanosecond times, as far as a number of milliseconds can', () => {
    expect(Number(values('timestamp')[0]) - Date.parse('2026-11-20T09:00:00.123Z')).toBeCloseTo(0.456789, 3);
  });

  test('tell severities apart and label only what is known', () => {
    expect(values('severity')).toEqual(['info', 'error', 'warning']);
    const [first, second] = values('labels');
    expect(first).toMatchObject({ type: 'tool_call', actor: 'Planner', run: 'run-1', model: 'qwen3' });
    expect(first).not.toHaveProperty('tool');
    expect(second).toMatchObject({ tool: 'search', workflow: 'prices' });
  });

  test('keep the whole row for our own panel, out of sight of others', () => {
    expect(values('event')).toEqual(rows);
    expect(frame.fields.at(-1)?.config.custom).toEqual({ hidden: true });
  });

  test('are an empty frame with all its fields when there are none', () => {
    const empty = rowsToLogFrame([], 'B');

    expect([empty.length, empty.fields.length]).toEqual([0, 6]);
    expect(empty.fields.every((field) => field.values.length === 0)).toBe(true);
  });
});

describe('rows as annotations', () => {
  test('span the time they took, or are a moment', () => {
    const frame = rowsToAnnotationFrame(rows, 'A');
    const ends = frame.fields.find((field) => field.name === 'timeEnd')?.values;
    const starts = frame.fields.find((field) => field.name === 'time')?.values;

    expect(Number(ends?.[1]) - Number(starts?.[1])).toBe(2000);
    expect(ends?.[2]).toBe(starts?.[2]);
    expect(frame.fields.find((field) => field.name === 'tags')?.values[1]).toEqual(['tool_call', 'error']);
  });
});
