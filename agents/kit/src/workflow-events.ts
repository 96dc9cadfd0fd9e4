import { emitEvent, type EventOptions, jsonText } from './emit-event.ts';

/** A node of a workflow's graph. */
export interface GraphNode {
  id: string;
  type?: string;
  label?: string;
}

/** An edge of a workflow's graph. */
export interface GraphEdge {
  source: string;
  target: string;
  label?: string;
  conditional?: boolean;
}

/** The graph a run follows. */
export interface GraphDeclaration extends EventOptions {
  nodes: readonly GraphNode[];
  edges: readonly GraphEdge[];
  name?: string;
}

/** A change of how much the agent may do by itself. */
export interface AutonomyChange extends EventOptions {
  level: 'manual' | 'assisted' | 'semi_auto' | 'full';
  previous?: string;
  reason?: string;
  scope?: string;
}

/** A piece of a chat message, as it is written. */
export interface ChatToken extends EventOptions {
  messageId: string;
  delta: string;
  /** Position of the piece, from 0. */
  index?: number;
  /** True on the last piece. */
  done?: boolean;
}

/** States the graph of the workflow, which telemetry alone does not show: `signalbox.graph.declared`. */
export function graphDeclared(graph: GraphDeclaration): void {
  const fields = {
    'signalbox.graph.nodes': jsonText(graph.nodes),
    'signalbox.graph.edges': jsonText(graph.edges),
    'signalbox.graph.name': graph.name,
  };
  emitEvent('signalbox.graph.declared', fields, graph);
}

/** States a new level of autonomy: `signalbox.autonomy.changed`. */
export function autonomyChanged(change: AutonomyChange): void {
  const fields = {
    'signalbox.autonomy.level': change.level,
    'signalbox.autonomy.previous': change.previous,
    'signalbox.autonomy.reason': change.reason,
    'signalbox.autonomy.scope': change.scope,
  };
  emitEvent('signalbox.autonomy.changed', fields, change);
}

/** Sends a piece of a chat message: `signalbox.chat.token`. */
export function chatToken(token: ChatToken): void {
  const fields = {
    'signalbox.chat.message_id': token.messageId,
    'signalbox.chat.delta': token.delta,
    'signalbox.chat.index': token.index,
    'signalbox.chat.done': token.done,
  };
  emitEvent('signalbox.chat.token', fields, token);
}
