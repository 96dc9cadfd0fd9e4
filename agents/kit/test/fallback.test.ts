import { context, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { taskAdded } from '../src/events.ts';

void test('without a logger provider an event becomes a span event of the same name', () => {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const span = provider.getTracer('tests').startSpan('work');

  taskAdded('write', { id: '2', context: trace.setSpan(context.active(), span) });
  taskAdded('belongs to no span');
  span.end();

  const [event, ...more] = exporter.getFinishedSpans()[0]?.events ?? [];
  assert.equal(event?.name, 'signalbox.task.added');
  assert.deepEqual(event?.attributes, { 'signalbox.task.text': 'write', 'signalbox.task.id': '2' });
  assert.equal(more.length, 0);
});
