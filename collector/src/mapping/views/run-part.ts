import type { Derivation } from '../derivation.ts';

/** One run of a task that was interrupted and resumed: views join the parts, the oldest first. */
export interface RunPart {
  traceId: string;
  derivation: Derivation;
}
