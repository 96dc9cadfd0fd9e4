export { startSignalbox } from './start-signalbox.ts';
export type { Signalbox } from './start-signalbox.ts';
export type { StartOptions } from './settings.ts';
export { PendingSpanProcessor } from './pending-span-processor.ts';
export type {
  PendingSpanCounts,
  PendingSpanExporter,
  PendingSpanProcessorOptions,
  PendingSpanTarget,
} from './pending-span-processor.ts';
export { connectControl } from './control/control.ts';
export type { Approval, ApproveOptions, Control } from './control/control.ts';
export type { ControlOptions } from './control/control-options.ts';
export { ControlSpanProcessor } from './control/control-span-processor.ts';
export type { Capability } from './control/frames.ts';
export type { AddedTask, Checkpoint, PlanProposal, StopHandler } from './control/runs.ts';
export { type Stop, StoppedError } from './control/stopped-error.ts';
export type { EventOptions } from './emit-event.ts';
export { planItemChanged, planSet, taskAdded } from './plan-events.ts';
export type { PlanItem, PlanItemChange, PlanItemStatus, PlanOptions, TaskOptions } from './plan-events.ts';
export { approvalDecided, approvalRequested } from './approval-events.ts';
export type { ApprovalAnswer, ApprovalRequest, Decision } from './approval-events.ts';
export { autonomyChanged, chatToken, graphDeclared } from './workflow-events.ts';
export type { AutonomyChange, ChatToken, GraphDeclaration, GraphEdge, GraphNode } from './workflow-events.ts';
export {
  componentVersionCreated,
  componentVersionPromoted,
  componentVersionRolledBack,
  experimentCompleted,
  experimentStarted,
  learningIteration,
  predictionMade,
  testCompleted,
} from './evolution-events.ts';
export type {
  ComponentSwitch,
  ComponentVersion,
  Experiment,
  LearningIteration,
  Prediction,
  TestResult,
} from './evolution-events.ts';
