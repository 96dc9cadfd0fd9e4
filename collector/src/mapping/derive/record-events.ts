import type { Actor, EventContent, EventStatus, EventType } from '@signalbox/event-model';
import type { DerivedEvent } from '../derivation.ts';
import { asBoolean, asNumber, asStructure, asText, firstField, type Fields } from '../reading/coerce.ts';
import { eventId } from '../reading/identifiers.ts';
import type { RecordReport } from '../reports.ts';
import { actorOf, parentEventId, toEvent, type Scene } from './scene.ts';
import type { SpanView } from './span-view.ts';
import type { Told } from './told.ts';

/** How a record becomes an event; the table of docs/vocabulary.md. */
interface Shape {
  type: EventType | ((fields: Fields) => EventType);
  /** Fields without which the record means nothing. */
  required: readonly string[];
  summary: (fields: Fields) => string;
  status?: (fields: Fields) => EventStatus;
}

const version = (fields: Fields): string =>
  [asText(fields['component.id']), asText(fields['component.version'])].filter((text) => text !== null).join(' ');

const because = (fields: Fields, key: string): string => {
  const reason = asText(fields[key]);
  return reason === null ? '' : ` · ${reason}`;
};

const SHAPES: Readonly<Record<string, Shape>> = {
  'component.version_created': {
    type: (fields) =>
      asText(fields['component.parent_version']) === null ? 'component_generated' : 'component_modified',
    required: ['component.id', 'component.version'],
    summary: (fields) => `${version(fields)}${because(fields, 'component.reason')}`,
  },
  'component.version_promoted': {
    type: 'version_promoted',
    required: ['component.id', 'component.version'],
    summary: (fields) => `${version(fields)} promoted${because(fields, 'component.reason')}`,
  },
  'component.version_rolled_back': {
    type: 'version_promoted',
    required: ['component.id', 'component.version'],
    summary: (fields) => `rolled back to ${version(fields)}${because(fields, 'component.reason')}`,
  },
  'test.completed': {
    type: 'test_completed',
    required: ['test.name', 'test.passed', 'test.failed'],
    summary: (fields) =>
      `${asText(fields['test.name'])}: ${asText(fields['test.passed'])} passed, ${asText(fields['test.failed'])} failed`,
    status: (fields) => ((asNumber(fields['test.failed']) ?? 0) > 0 ? 'error' : 'completed'),
  },
  'evaluation.result': {
    type: 'test_completed',
    required: ['evaluation.name'],
    summary: (fields) =>
      [
        asText(fields['evaluation.name']),
        firstField(fields, ['evaluation.score.label', 'evaluation.score.value']),
        asText(fields['evaluation.explanation']),
      ]
        .filter((text) => text !== null)
        .join(' · '),
  },
  'agent.created': {
    type: 'component_generated',
    required: ['agent.name'],
    summary: (fields) =>
      [asText(fields['agent.name']), asText(fields['agent.version'])].filter((text) => text !== null).join(' '),
  },
  'experiment.started': {
    type: 'experiment',
    required: ['experiment.id'],
    summary: (fields) => `${firstField(fields, ['experiment.name', 'experiment.id'])} started`,
    status: () => 'completed',
  },
  'experiment.completed': {
    type: 'experiment',
    required: ['experiment.id'],
    summary: (fields) =>
      `${firstField(fields, ['experiment.name', 'experiment.id'])} completed${because(fields, 'experiment.conclusion')}`,
  },
  'learning.iteration': {
    type: 'learning_iteration',
    required: ['learning.iteration'],
    summary: (fields) => `iteration ${asText(fields['learning.iteration'])}${because(fields, 'learning.metrics')}`,
  },
  'prediction.made': {
    type: 'prediction',
    required: ['prediction.id', 'prediction.description'],
    summary: (fields) => asText(fields['prediction.description']) ?? '',
  },
  'autonomy.changed': {
    type: 'autonomy_level_changed',
    required: ['autonomy.level'],
    summary: (fields) =>
      `${[asText(fields['autonomy.previous']), asText(fields['autonomy.level'])].filter((text) => text !== null).join(' → ')}${because(fields, 'autonomy.reason')}`,
  },
};

/** Events that records state outright; plans, approvals and graphs are told elsewhere. */
export function recordEvents(scene: Scene): DerivedEvent[] {
  const events = scene.records.flatMap((record) => {
    const shape = Object.hasOwn(SHAPES, record.report.name) ? SHAPES[record.report.name] : undefined;
    const isWhole = shape?.required.every((key) => asText(record.report.fields[key]) !== null) === true;
    return shape === undefined || !isWhole ? [] : [shapedEvent(scene, record, shape)];
  });
  return [...events, ...chatEvents(scene)];
}

/** The span a record was made in, as far as it has come. */
export function recordSpan(scene: Scene, record: Told): SpanView | null {
  return scene.view.byId.get(record.entry?.spanId ?? record.log?.spanId ?? '') ?? null;
}

/** Who made a record: the agent it names, else who acts in its span. */
export function recordActor(scene: Scene, record: Told<RecordReport>): Actor {
  const span = recordSpan(scene, record);
  const agent = record.report.agent ?? record.log?.facts?.agent ?? null;
  if (agent !== null) return { kind: 'agent', name: agent };
  if (span !== null) return actorOf(span);
  return { kind: 'service', name: record.log?.service ?? 'unknown' };
}

/** Convention a record was written in. */
export function recordConvention(record: Told<RecordReport>): string {
  if (record.log?.facts) return record.log.facts.convention;
  return FOREIGN.has(record.report.name) ? (record.entry?.facts.convention ?? 'gen-ai') : 'signalbox';
}

/** Records that spans of other conventions state. */
const FOREIGN = new Set(['evaluation.result', 'agent.created']);

function shapedEvent(scene: Scene, record: Told<RecordReport>, shape: Shape): DerivedEvent {
  const { fields } = record.report;
  const type = typeof shape.type === 'function' ? shape.type(fields) : shape.type;
  return recordEvent(scene, record, {
    id: eventId(scene.traceId, type, 'record', record.key),
    type,
    status: shape.status?.(fields) ?? 'completed',
    summary: shape.summary(fields),
    content: () => ({ kind: 'generic', fields: structured(fields) }),
  });
}

interface RecordDraft {
  id: string;
  type: EventType;
  status: EventStatus;
  summary: string;
  content: () => EventContent;
}

function recordEvent(scene: Scene, record: Told<RecordReport>, draft: RecordDraft): DerivedEvent {
  const span = recordSpan(scene, record);
  return toEvent(scene, {
    ...draft,
    span,
    parentId: span === null ? null : parentEventId(scene, span),
    actor: recordActor(scene, record),
    startNs: record.atNs,
    endNs: draft.status === 'in_progress' ? null : record.atNs,
    convention: recordConvention(record),
    basis: 'declared',
  });
}

function structured(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, asStructure(value)]));
}

/** One event a message, from its pieces in the order of their index; a piece sent twice counts once. */
function chatEvents(scene: Scene): DerivedEvent[] {
  const messages = new Map<string, Told<RecordReport>[]>();
  for (const record of scene.records) {
    const id = asText(record.report.fields['chat.message_id']);
    if (record.report.name !== 'chat.token' || id === null) continue;
    const pieces = messages.get(id);
    if (pieces === undefined) messages.set(id, [record]);
    else pieces.push(record);
  }
  return [...messages].flatMap(([id, pieces]) => chatEvent(scene, id, pieces));
}

function chatEvent(scene: Scene, id: string, pieces: readonly Told<RecordReport>[]): DerivedEvent[] {
  const first = pieces[0];
  if (first === undefined) return [];
  const byIndex = new Map<number, string>();
  for (const [place, { report }] of pieces.entries()) {
    const index = asNumber(report.fields['chat.index']) ?? place;
    if (!byIndex.has(index)) byIndex.set(index, asText(report.fields['chat.delta']) ?? '');
  }
  const text = [...byIndex]
    .sort(([a], [b]) => a - b)
    .map(([, delta]) => delta)
    .join('');
  const isDone = pieces.some(({ report }) => asBoolean(report.fields['chat.done']) === true);
  return [
    recordEvent(scene, first, {
      id: eventId(scene.traceId, 'chat_message', id),
      type: 'chat_message',
      status: isDone ? 'completed' : 'in_progress',
      summary: text,
      content: () => ({ kind: 'generic', fields: { messageId: id, text, done: isDone, ...thoughtOf(first) } }),
    }),
  ];
}

/** What the agent thought before it spoke, where it tells. */
function thoughtOf({ report }: Told<RecordReport>): Fields {
  const reasoning = asText(report.fields['chat.reasoning']);
  return reasoning === null ? {} : { reasoning };
}
