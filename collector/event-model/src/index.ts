export {
  EVENT_STATUSES,
  EVENT_TYPES,
  type Actor,
  type ActorKind,
  type EventDetail,
  type EventRow,
  type EventSource,
  type EventStatus,
  type EventType,
  type TokenUsage,
} from './event.ts';
export type {
  ApprovalContent,
  ContentPart,
  EventContent,
  Message,
  MessagePart,
  PlanChange,
  PlanItem,
} from './content.ts';
export type { Run, RunStatus } from './run.ts';
export type { EventFilter, EventsFrame, HelloFrame, LiveFrame, ResyncFrame } from './live-protocol.ts';
export type { CollectorStatus, EventPage, Problem, RunPage } from './api.ts';
export type {
  GraphEdge,
  GraphNode,
  GraphNodeStatus,
  GraphView,
  MetricSeries,
  MetricsView,
  OwnedPlanItem,
  PlanRevision,
  PlanView,
  SequenceLoop,
  SequenceMessage,
  SequenceParticipant,
  SequenceView,
  Session,
  SessionPage,
} from './views.ts';
export { searchWords } from './search.ts';
export type {
  Approval,
  ApprovalPage,
  ApprovalStatus,
  AuditEntry,
  AuditPage,
  Capability,
  Command,
  CommandKind,
  CommandState,
  Decision,
  DecisionRequest,
  MayDecide,
  Principal,
  RunControl,
  StopRequest,
  TaskRequest,
} from './control.ts';
export type {
  AgentApprovalRequest,
  AgentApprovalStored,
  AgentApprovalWithdraw,
  AgentCommand,
  AgentCommandReport,
  AgentDownFrame,
  AgentFrame,
  AgentHeartbeat,
  AgentHello,
  AgentProblem,
  AgentRun,
  AgentWelcome,
} from './agent-link.ts';
