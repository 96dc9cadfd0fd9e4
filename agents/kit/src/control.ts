/** People approve, stop and add tasks: the control link alone, for agents that set OpenTelemetry up themselves. */
export { connectControl } from './control/control.ts';
export type { Approval, ApproveOptions, Control } from './control/control.ts';
export type { ControlOptions } from './control/control-options.ts';
export { ControlSpanProcessor } from './control/control-span-processor.ts';
export type { Capability } from './control/frames.ts';
export type { AddedTask, Checkpoint, PlanProposal, StopHandler } from './control/runs.ts';
export { type Stop, StoppedError } from './control/stopped-error.ts';
