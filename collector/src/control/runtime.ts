import type { Capability, Command, CommandState, DecisionRequest } from '@signalbox/event-model';

/** What came of handing a command over. */
export interface DeliveryReport {
  state: CommandState;
  evidence: string | null;
  problem?: string | null;
}

/**
 * A way to reach agents: one for each control channel. Commands are handed over at least once and in the order they were
 * made; whoever carries them out knows them by their id.
 */
export interface Runtime {
  /** Name in `approvals.runtime` and `commands.runtime`. */
  readonly name: string;
  /** Targets this process can reach now. */
  targets(): string[];
  /** True when the target is reachable from here now. */
  isOnline(target: string): boolean;
  /** Hands a command over. Resolves with how far it came; rejects when the target could not be reached: it is tried again. */
  deliver(command: Command): Promise<DeliveryReport | null>;
  /** What is wrong with an answer before it is taken, for whoever gives it; null when nothing is. */
  faultIn?(externalId: string, request: DecisionRequest): Promise<string | null>;
}

/** An agent a command for a run can go to. */
export interface RunTarget {
  runtime: string;
  target: string;
  capabilities: Capability[];
  online: boolean;
}
