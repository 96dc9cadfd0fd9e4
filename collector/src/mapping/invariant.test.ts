import fc from 'fast-check';
import type { TraceReducer } from './derivation.ts';
import { readFixture } from './testing/fixtures.ts';
import { itemsOf, MappingDriver, snapshot, type Item } from './testing/mapping-driver.ts';
import { SCENARIOS } from './testing/scenarios.ts';
import { traceKeyOf } from './trace-key.ts';
import { createTraceReducer } from './trace-reducer.ts';

const FIXTURES = [
  'langgraph-openinference',
  'ai-sdk-6',
  'openai-agents-openinference',
  'proto-gzip-raw',
  'logfire-pending',
  'claude-code',
  'mastra-agent-approval',
];

describe.each([...FIXTURES, ...Object.keys(SCENARIOS)])('the events of %s', (name) => {
  const items = SCENARIOS[name] ?? itemsOf(readFixture(name));
  const expected = JSON.stringify(snapshot(driven([items])));

  test('do not depend on order, batching, duplicates or a restart', () => {
    const plan = fc.record({
      order: fc.shuffledSubarray(items, { minLength: items.length, maxLength: items.length }),
      again: fc.subarray(items, { maxLength: Math.min(8, items.length) }),
      sizes: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 6 }),
      restartAfter: fc.nat({ max: 10 }),
    });

    fc.assert(
      fc.property(plan, ({ order, again, sizes, restartAfter }) => {
        const driver = driven(batches([...order, ...again], sizes), restartAfter);
        expect(JSON.stringify(snapshot(driver))).toBe(expected);
      }),
      { numRuns: 25 },
    );
  });
});

test.each([...FIXTURES, ...Object.keys(SCENARIOS)])(
  'what traces of %s tell and ask each other does not depend on the answers',
  (name) => {
    const reducers = reducersOf(SCENARIOS[name] ?? itemsOf(readFixture(name)));
    const alone = reducers.map((reducer) => reducer.derive([]));
    const facts = alone.flatMap(({ offers }) => offers);

    for (const [index, reducer] of reducers.entries()) {
      const informed = reducer.derive(facts.filter((fact) => fact.traceId !== reducer.traceId));
      expect(informed.offers).toEqual(alone[index]?.offers);
      expect(informed.wants).toEqual(alone[index]?.wants);
      expect(informed.states).toEqual(alone[index]?.states);
    }
  },
);

function reducersOf(items: readonly Item[]): TraceReducer[] {
  const reducers = new Map<string, TraceReducer>();
  for (const item of items) {
    const traceId = 'span' in item ? item.span.traceId : traceKeyOf(item.log);
    const reducer = reducers.get(traceId) ?? createTraceReducer(traceId);
    reducers.set(traceId, reducer);
    if ('span' in item) reducer.addSpan(item.span);
    else reducer.addLog(item.log);
  }
  return [...reducers.values()];
}

function batches(items: readonly Item[], sizes: readonly number[]): Item[][] {
  const result: Item[][] = [];
  for (let at = 0, turn = 0; at < items.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    result.push(items.slice(at, at + size));
    at += size;
  }
  return result;
}

function driven(list: readonly (readonly Item[])[], restartAfter = -1): MappingDriver {
  const driver = new MappingDriver();
  for (const [at, batch] of list.entries()) {
    driver.add(batch);
    if (at === restartAfter) driver.restart();
  }
  return driver;
}
