import { context, trace } from '@opentelemetry/api';
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as kit from '../src/index.ts';
import { collector, eventsOf, eventually, logRows, type LogRow } from './support.ts';

interface Case {
  emit: () => void;
  name: string;
  attributes: Record<string, unknown>;
  becomes: string | null;
}

// A session of its own: the collector shows a plan once in each, and the rows share the collector.
const session = `session-${process.pid}`;
const agent = { agentName: 'planner', conversationId: session };
const genAi = { 'gen_ai.agent.name': 'planner', 'gen_ai.conversation.id': session };
const items: kit.PlanItem[] = [{ id: '1', text: 'read', status: 'in_progress' }];
const change = { id: 'tool-search', version: '3', previousVersion: '2', reason: 'better' };
const changed = {
  'signalbox.component.id': 'tool-search',
  'signalbox.component.version': '3',
  'signalbox.component.previous_version': '2',
  'signalbox.component.reason': 'better',
};
const experiment: kit.Experiment = {
  id: 'e1',
  name: 'prompt',
  componentId: 'tool-search',
  versionA: '2',
  versionB: '3',
  results: { a: 1, b: 2 },
  conclusion: 'b wins',
};
const experimentFields = {
  'signalbox.experiment.id': 'e1',
  'signalbox.experiment.name': 'prompt',
  'signalbox.component.id': 'tool-search',
  'signalbox.experiment.version_a': '2',
  'signalbox.experiment.version_b': '3',
  'signalbox.experiment.results': '{"a":1,"b":2}',
  'signalbox.experiment.conclusion': 'b wins',
};

const cases: Case[] = [
  {
    emit: () => kit.planSet(items, { reason: 'start', ...agent }),
    name: 'signalbox.plan.set',
    attributes: { 'signalbox.plan.items': JSON.stringify(items), 'signalbox.plan.reason': 'start', ...genAi },
    becomes: 'plan_update',
  },
  {
    emit: () => kit.planItemChanged('1', { status: 'completed', text: 'read it', reason: 'done' }),
    name: 'signalbox.plan.item_changed',
    attributes: {
      'signalbox.plan.item.id': '1',
      'signalbox.plan.item.text': 'read it',
      'signalbox.plan.item.status': 'completed',
      'signalbox.plan.reason': 'done',
    },
    becomes: 'plan_update',
  },
  {
    emit: () => kit.taskAdded('write', { id: '2', note: 'by hand' }),
    name: 'signalbox.task.added',
    attributes: { 'signalbox.task.text': 'write', 'signalbox.task.id': '2', 'signalbox.task.note': 'by hand' },
    becomes: 'plan_update',
  },
  {
    emit: () =>
      kit.approvalRequested({
        id: 'a1',
        action: 'delete_file',
        arguments: { path: 'x' },
        question: 'Really?',
        reason: 'cleanup',
        risk: 'high',
        allowedDecisions: ['approve', 'reject'],
        expiresAt: new Date(0),
        toolName: 'delete_file',
      }),
    name: 'signalbox.approval.requested',
    attributes: {
      'signalbox.approval.id': 'a1',
      'signalbox.approval.action': 'delete_file',
      'signalbox.approval.arguments': '{"path":"x"}',
      'signalbox.approval.question': 'Really?',
      'signalbox.approval.reason': 'cleanup',
      'signalbox.approval.risk': 'high',
      'signalbox.approval.allowed_decisions': ['approve', 'reject'],
      'signalbox.approval.expires_at': '1970-01-01T00:00:00.000Z',
      'gen_ai.tool.name': 'delete_file',
    },
    becomes: 'approval_request',
  },
  {
    emit: () =>
      kit.approvalDecided({ id: 'a1', decision: 'edit', by: 'ann', automatic: false, reason: 'safer', answer: ['y'] }),
    name: 'signalbox.approval.decided',
    attributes: {
      'signalbox.approval.id': 'a1',
      'signalbox.approval.decision': 'edit',
      'signalbox.approval.by': 'ann',
      'signalbox.approval.automatic': false,
      'signalbox.approval.reason': 'safer',
      'signalbox.approval.answer': '["y"]',
    },
    becomes: 'approval_decision',
  },
  {
    emit: () => kit.graphDeclared({ nodes: [{ id: 'a' }], edges: [{ source: 'a', target: 'a' }], name: 'loop' }),
    name: 'signalbox.graph.declared',
    attributes: {
      'signalbox.graph.nodes': '[{"id":"a"}]',
      'signalbox.graph.edges': '[{"source":"a","target":"a"}]',
      'signalbox.graph.name': 'loop',
    },
    becomes: null,
  },
  {
    emit: () =>
      kit.componentVersionCreated({
        id: 'tool-search',
        version: '3',
        type: 'tool',
        parentVersion: '2',
        createdBy: 'agent',
        reason: 'slow',
      }),
    name: 'signalbox.component.version_created',
    attributes: {
      'signalbox.component.id': 'tool-search',
      'signalbox.component.version': '3',
      'signalbox.component.type': 'tool',
      'signalbox.component.parent_version': '2',
      'signalbox.component.created_by': 'agent',
      'signalbox.component.reason': 'slow',
    },
    becomes: 'component_modified',
  },
  {
    emit: () => kit.componentVersionPromoted(change),
    name: 'signalbox.component.version_promoted',
    attributes: changed,
    becomes: 'version_promoted',
  },
  {
    emit: () => kit.componentVersionRolledBack(change),
    name: 'signalbox.component.version_rolled_back',
    attributes: changed,
    becomes: 'version_promoted',
  },
  {
    emit: () =>
      kit.testCompleted({
        name: 'unit',
        passed: 4,
        failed: 1,
        durationMs: 12.5,
        componentId: 'tool-search',
        componentVersion: '3',
      }),
    name: 'signalbox.test.completed',
    attributes: {
      'signalbox.test.name': 'unit',
      'signalbox.test.passed': 4,
      'signalbox.test.failed': 1,
      'signalbox.test.duration_ms': 12.5,
      'signalbox.component.id': 'tool-search',
      'signalbox.component.version': '3',
    },
    becomes: 'test_completed',
  },
  {
    emit: () => kit.experimentStarted(experiment),
    name: 'signalbox.experiment.started',
    attributes: experimentFields,
    becomes: 'experiment',
  },
  {
    emit: () => kit.experimentCompleted(experiment),
    name: 'signalbox.experiment.completed',
    attributes: experimentFields,
    becomes: 'experiment',
  },
  {
    emit: () => kit.learningIteration({ iteration: 2, metrics: { loss: 0.5 }, experimentId: 'e1' }),
    name: 'signalbox.learning.iteration',
    attributes: {
      'signalbox.learning.iteration': 2,
      'signalbox.learning.metrics': '{"loss":0.5}',
      'signalbox.experiment.id': 'e1',
    },
    becomes: 'learning_iteration',
  },
  {
    emit: () =>
      kit.predictionMade({
        id: 'p1',
        description: 'faster',
        type: 'latency',
        confidence: 0.7,
        expectedImprovement: 0.2,
        componentId: 'tool-search',
      }),
    name: 'signalbox.prediction.made',
    attributes: {
      'signalbox.prediction.id': 'p1',
      'signalbox.prediction.description': 'faster',
      'signalbox.prediction.type': 'latency',
      'signalbox.prediction.confidence': 0.7,
      'signalbox.prediction.expected_improvement': 0.2,
      'signalbox.component.id': 'tool-search',
    },
    becomes: 'prediction',
  },
  {
    emit: () => kit.autonomyChanged({ level: 'semi_auto', previous: 'manual', reason: 'trusted', scope: 'reads' }),
    name: 'signalbox.autonomy.changed',
    attributes: {
      'signalbox.autonomy.level': 'semi_auto',
      'signalbox.autonomy.previous': 'manual',
      'signalbox.autonomy.reason': 'trusted',
      'signalbox.autonomy.scope': 'reads',
    },
    becomes: 'autonomy_level_changed',
  },
  {
    emit: () => kit.chatToken({ messageId: 'm1', delta: 'Hel', index: 0, done: false }),
    name: 'signalbox.chat.token',
    attributes: {
      'signalbox.chat.message_id': 'm1',
      'signalbox.chat.delta': 'Hel',
      'signalbox.chat.index': 0,
      'signalbox.chat.done': false,
    },
    becomes: 'chat_message',
  },
];

void describe('every event of the vocabulary', () => {
  let signalbox: kit.Signalbox;
  const sent = new Map<string, { traceId: string; spanId: string }>();

  before(async () => {
    signalbox = kit.startSignalbox({ serviceName: 'kit-events', endpoint: collector.http, handleSignals: false });
    const tracer = trace.getTracer('kit-tests');
    for (const { emit, name } of cases) {
      tracer.startActiveSpan('invoke_agent planner', (span) => {
        span.setAttribute('gen_ai.operation.name', 'invoke_agent');
        emit();
        sent.set(name, span.spanContext());
        span.end();
      });
    }
    await signalbox.flush();
  });
  after(() => signalbox.shutdown());

  for (const { name, attributes, becomes } of cases) {
    void test(`${name} is stored with its span and its attributes`, async () => {
      const { traceId, spanId } = sent.get(name) ?? { traceId: '', spanId: '' };

      const rows = await eventually(
        () => logRows(traceId),
        (found) => found.length > 0,
      );

      assert.equal(rows.length, 1);
      const row = rows[0] as LogRow;
      assert.equal(row.event_name, name);
      assert.equal(row.span_id, spanId);
      assert.deepEqual(row.attributes, attributes);
    });

    if (becomes === null) continue;
    void test(`${name} is read as ${becomes}`, async () => {
      const { traceId } = sent.get(name) ?? { traceId: '' };

      const events = await eventually(
        () => eventsOf(traceId),
        (found) => found.some((event) => event.type === becomes),
        3000,
      );

      assert.ok(
        events.some((event) => event.type === becomes),
        `got ${events.map((event) => event.type).join(', ')}`,
      );
    });
  }

  void test('tokens written within one millisecond are all kept, in their order', async () => {
    const span = trace.getTracer('kit-tests').startSpan('chat');
    const active = trace.setSpan(context.active(), span);
    for (let index = 0; index < 50; index++) kit.chatToken({ messageId: 'm2', delta: 'x', index, context: active });
    span.end();
    await signalbox.flush();

    const rows = await eventually(
      () => logRows(span.spanContext().traceId),
      (found) => found.length === 50,
    );

    const indexes = rows.map((row) => row.attributes['signalbox.chat.index']);
    assert.deepEqual(
      indexes,
      Array.from({ length: 50 }, (_each, index) => index),
    );
  });

  void test('values JSON cannot say never throw', () => {
    const circular: { self?: unknown } = {};
    circular.self = circular;

    kit.approvalRequested({ id: 'a2', action: 'x', arguments: circular, expiresAt: new Date(Number.NaN) });
    kit.learningIteration({ iteration: 1, metrics: { big: 10n } });
  });
});
