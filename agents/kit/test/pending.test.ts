import { context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { type ReadableSpan, TracerProvider } from '@opentelemetry/sdk-trace';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PendingSpanProcessor } from '../src/pending-span-processor.ts';

type Done = (result: { code: number }) => void;

/** An exporter that keeps what it gets; `answer` decides how each export ends. */
class KeepingExporter {
  readonly spans: ReadableSpan[] = [];
  readonly answer: (done: Done) => void;

  constructor(answer: (done: Done) => void = (done) => done({ code: 0 })) {
    this.answer = answer;
  }

  export(spans: ReadableSpan[], done: Done): void {
    this.spans.push(...spans);
    this.answer(done);
  }

  shutdown(): Promise<void> {
    return Promise.resolve();
  }
}

const tracerOf = (processor: PendingSpanProcessor) =>
  new TracerProvider({ spanProcessors: [processor] }).getTracer('tests');

void describe('a pending span', () => {
  void test('has the real span as parent, the real parent in an attribute, and attributes set after the start', async () => {
    const exporter = new KeepingExporter();
    const processor = new PendingSpanProcessor({ exporter });
    const tracer = tracerOf(processor);

    const root = tracer.startSpan('root');
    const child = tracer.startSpan('child', { attributes: { early: 1 } }, trace.setSpan(ROOT_CONTEXT, root));
    child.setAttribute('late', true);
    await processor.forceFlush();

    const [first, second] = exporter.spans;
    assert.ok(first && second);
    assert.equal(first.parentSpanContext?.spanId, root.spanContext().spanId);
    assert.equal(first.attributes['logfire.pending_parent_id'], '0000000000000000');
    assert.equal(second.spanContext().traceId, root.spanContext().traceId);
    assert.notEqual(second.spanContext().spanId, child.spanContext().spanId);
    assert.match(second.spanContext().spanId, /^[0-9a-f]{16}$/);
    assert.deepEqual(second.startTime, second.endTime);
    assert.deepEqual(second.attributes, {
      early: 1,
      late: true,
      'logfire.span_type': 'pending_span',
      'logfire.pending_parent_id': root.spanContext().spanId,
    });
  });

  void test('is not sent for a span that ended before', async () => {
    const exporter = new KeepingExporter();
    const processor = new PendingSpanProcessor({ exporter });

    tracerOf(processor).startSpan('short').end();
    await processor.forceFlush();

    assert.equal(exporter.spans.length, 0);
  });

  void test('is handed to a processor at once', () => {
    const taken: ReadableSpan[] = [];
    const processor = new PendingSpanProcessor({ processor: { onEnd: (span: ReadableSpan) => void taken.push(span) } });

    tracerOf(processor).startSpan('now');

    assert.equal(taken[0]?.attributes['logfire.span_type'], 'pending_span');
    assert.equal(processor.counts.sent, 1);
  });

  void test('is dropped and counted when too many wait', () => {
    const processor = new PendingSpanProcessor({ exporter: new KeepingExporter(), maxQueueSize: 3 });
    const tracer = tracerOf(processor);

    for (let index = 0; index < 5; index++) tracer.startSpan('many');

    assert.equal(processor.counts.dropped, 2);
  });

  void test('never throws into the application, whatever the exporter does', async () => {
    const throwing = new KeepingExporter(() => {
      throw new Error('broken exporter');
    });
    const refusing = new KeepingExporter((done) => done({ code: 1 }));
    for (const exporter of [throwing, refusing]) {
      const processor = new PendingSpanProcessor({ exporter });

      tracerOf(processor).startSpan('kept away');
      await processor.shutdown();

      assert.equal(processor.counts.failed, 1);
      assert.equal(processor.counts.sent, 0);
    }
    const broken = new PendingSpanProcessor({
      processor: {
        onEnd() {
          throw new Error('broken processor');
        },
      },
    });
    tracerOf(broken).startSpan('kept away');
    assert.equal(broken.counts.failed, 1);
  });

  void test('is exported outside of every span', async () => {
    let active: unknown = 'not asked';
    const exporter = new KeepingExporter((done) => {
      active = trace.getSpan(context.active());
      done({ code: 0 });
    });
    const processor = new PendingSpanProcessor({ exporter });
    const tracer = tracerOf(processor);

    await tracer.startActiveSpan('around', async () => processor.forceFlush());

    assert.equal(active, undefined);
  });
});
