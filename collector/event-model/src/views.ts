import type { PlanChange, PlanItem } from './content.ts';
import type { Actor, TokenUsage } from './event.ts';
import type { RunStatus } from './run.ts';

/** One item of a run's plan as it stands. Item ids are unique per owner. */
export interface OwnedPlanItem extends PlanItem {
  /** The agent whose plan it belongs to. */
  owner: string;
}

/** One revision of a plan: the whole list after it, and why it came about. */
export interface PlanRevision {
  /** The `plan_update` event that is this revision. */
  eventId: string;
  /** Run the revision was written in: a resumed task has revisions of several runs. */
  runId: string;
  /** Counts from 1 within one owner's plan. */
  number: number;
  actor: Actor;
  /** RFC 3339 UTC with nanoseconds. */
  at: string;
  items: PlanItem[];
  change: PlanChange;
  reason: string | null;
  /** `given` by the agent, or `inferred` from the error or answer before it. */
  reasonBasis: 'given' | 'inferred' | null;
  /** The event that made the agent change its mind: the error or answer before the revision. */
  causeEventId: string | null;
}

/** Answer of `GET /api/runs/{id}/plan`: the plans of the run and of the runs it continues, oldest revision first. */
export interface PlanView {
  runId: string;
  items: OwnedPlanItem[];
  revisions: PlanRevision[];
}

/** State of a node as the graph shows it. */
export type GraphNodeStatus = 'idle' | 'active' | 'waiting' | 'completed' | 'error' | 'lost';

/** One node of the state graph. */
export interface GraphNode {
  id: string;
  label: string;
  /** What it is: `start`, `end`, `node`, `agent`, `tool`, `model`, `workflow`; open for what senders declare. */
  type: string;
  /** The node or agent this one runs inside. */
  parentId: string | null;
  status: GraphNodeStatus;
  /** How often the run came to it. */
  visits: number;
  errors: number;
  /** RFC 3339 UTC with nanoseconds of the latest visit; null when it was never visited. */
  lastStartedAt: string | null;
  /** Nanoseconds spent in finished visits, summed; decimal text. */
  totalNs: string;
  /** Events of the latest visit, newest last. */
  eventIds: string[];
  /** False for nodes only the sender's declaration knows. */
  observed: boolean;
}

/** One edge of the state graph. */
export interface GraphEdge {
  source: string;
  target: string;
  label: string | null;
  conditional: boolean;
  /** How often the run took it. */
  taken: number;
  declared: boolean;
}

/** Answer of `GET /api/runs/{id}/graph`. */
export interface GraphView {
  runId: string;
  name: string | null;
  /** `declared`: a sender described the whole graph; `inferred`: read from what happened, so parts may be missing. */
  basis: 'declared' | 'inferred';
  nodes: GraphNode[];
  edges: GraphEdge[];
  /** Ids of the nodes at work now. */
  active: string[];
}

/** A lifeline of the sequence view. */
export interface SequenceParticipant {
  /** `<kind>:<name>`. */
  id: string;
  actor: Actor;
}

/** One arrow of the sequence view. */
export interface SequenceMessage {
  /** Position from 0. */
  index: number;
  eventId: string;
  /** `call` and its `return`, one-way `message`, `self`, `note` (a plan revision), `approval` and its `decision`, `error`. */
  kind: 'call' | 'return' | 'message' | 'self' | 'note' | 'approval' | 'decision' | 'error';
  from: string;
  to: string;
  label: string;
  at: string;
  /** Event status. */
  status: string;
  /** `index` of the call a return answers, of the approval a decision settles. */
  replyTo: number | null;
  /** Number of calls open around it. */
  depth: number;
}

/** A pattern of messages that repeats one after the other. */
export interface SequenceLoop {
  /** `index` of the first message of the first round. */
  from: number;
  /** Messages in one round. */
  length: number;
  /** Rounds, 2 or more. */
  times: number;
}

/** Answer of `GET /api/runs/{id}/sequence`. */
export interface SequenceView {
  runId: string;
  participants: SequenceParticipant[];
  messages: SequenceMessage[];
  loops: SequenceLoop[];
  /** True when the run has more messages than one answer holds; the oldest are given. */
  truncated: boolean;
}

/** Runs that belong together. */
export interface Session {
  id: string;
  /** `waiting` and `in_progress` win over final states; else that of the latest run. */
  status: RunStatus;
  runs: number;
  /** RFC 3339 UTC with nanoseconds. */
  startedAt: string;
  /** When the collector last received something of the session; RFC 3339 UTC, milliseconds. */
  lastSeenAt: string;
  workflows: string[];
  agents: string[];
  user: string | null;
  counts: Record<string, number>;
  usage: TokenUsage;
}

/** Answer of `GET /api/sessions`, the session that was heard last first. */
export interface SessionPage {
  sessions: Session[];
  nextCursor: string | null;
}

/** One series of `GET /api/metrics`. */
export interface MetricSeries {
  name: string;
  unit: string;
  labels: Record<string, string>;
  /** `received` by OTLP, or `derived` from the stored events. */
  origin: 'received' | 'derived';
  /** Start of each step, RFC 3339 UTC, and what was measured in it; null is "nothing measured", never 0. */
  points: { at: string; value: number | null; count: number; min: number | null; max: number | null }[];
}

/** Answer of `GET /api/metrics`. */
export interface MetricsView {
  /** Seconds of one step. */
  step: number;
  series: MetricSeries[];
}
