/** An event of an agent as it came over the bus, stored already. */
export interface HeardEvent {
  /** Place in the stream. */
  id: string;
  agentId: string;
  workflowId: string;
  threadId: string | null;
  /** Trace of its run. */
  traceId: string;
  /** Tells runs of one agent apart. */
  runKey: string;
  event: { type: string; [field: string]: unknown };
}
