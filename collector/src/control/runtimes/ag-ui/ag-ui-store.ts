import type { Conversation } from './conversation.ts';
import type { Pause } from './questions.ts';

/**
 * How far a run is. `sent`: its request may have left; `open`: the agent said that it has begun; `paused`: it waits for
 * people; `resumed`: another run carries it on; `lost`: nobody holds its connection any more.
 */
export type RunStatus = 'sent' | 'open' | 'paused' | 'resumed' | 'finished' | 'failed' | 'stopped' | 'lost';

/** A run as stored. */
export interface StoredRun {
  id: string;
  agent: string;
  threadId: string;
  parentId: string | null;
  status: RunStatus;
  /** Commands that travel with it. */
  commands: string[];
  pauses: Pause[];
  /** Why it failed, for people. */
  problem: string | null;
  owner: string;
  /** Whether the agent ever said that it began. */
  begun: boolean;
  endedAt: Date | null;
}

/** A run that is about to be sent. */
export interface RunDraft {
  id: string;
  agent: string;
  threadId: string;
  /** The run it comes after. */
  parentId: string | null;
  /** True when it answers that run's questions: then the parent must still wait. */
  isResume: boolean;
  commands: string[];
}

/** Why a run may not be sent: another one of its thread is not over, or it was sent before. */
export type Claim = { conversation: Conversation; version: number } | { refused: 'busy' | 'known' | 'moved' };

/** How a run ended. */
export interface RunEnding {
  status: Exclude<RunStatus, 'sent' | 'open' | 'resumed'>;
  problem: string | null;
  pauses: Pause[];
  /** What the thread holds from now on; null where the run changed nothing. */
  conversation: Conversation | null;
}

/**
 * Where runs and their conversations stand. Whoever claims a run drives it alone, as long as the lease is renewed; a
 * collector that lost it changes nothing any more.
 */
export interface AgUiStore {
  /** Writes a run down before it is sent. */
  claim(draft: RunDraft, owner: string): Promise<Claim>;
  /** Takes a claim back: the request surely did not leave. */
  unclaim(id: string, owner: string): Promise<void>;
  begun(id: string, owner: string): Promise<void>;
  /** The new version of the thread; null when the run is not the owner's any more. */
  end(id: string, owner: string, ending: RunEnding): Promise<number | null>;
  /** A paused run that must not go on; false when it does not wait any more. */
  bar(id: string): Promise<boolean>;
  run(id: string): Promise<StoredRun | null>;
  /** The run a command travels with. */
  carrying(commandId: string): Promise<StoredRun | null>;
  /** The run of a thread that began last. */
  latest(agent: string, threadId: string): Promise<StoredRun | null>;
  /** Runs that wait for people; `lately` are those of the last minutes. */
  paused(agents: readonly string[], since: 'ever' | 'lately'): Promise<StoredRun[]>;
  /** Renews the leases of an owner; answers the runs it still drives. */
  renew(owner: string): Promise<string[]>;
  /** Gives up runs whose owner fell silent, and answers every one whose end is still to be told. */
  lost(agents: readonly string[]): Promise<StoredRun[]>;
  told(id: string): Promise<void>;
}
