import type { ApprovalContent, ContentPart, Message, TokenUsage } from '@signalbox/event-model';
import type { LogRecord, SpanRecord } from '../telemetry/records.ts';
import type { Report } from './reports.ts';

/** What a span is in the life of agents. `structure` spans only carry parentage. */
export type SpanRole = 'workflow' | 'agent' | 'node' | 'model' | 'tool' | 'chain' | 'structure';

/** A tool call as a model's answer or a prompt's history states it. */
export interface ProposedCall {
  callId: string | null;
  tool: string;
  /** A structure where it could be parsed, else text. */
  args: unknown;
}

/** One model call. Prompt and tools are functions: they are read only when somebody opens the event. */
export interface ModelFacts {
  name: string | null;
  provider: string | null;
  responseId: string | null;
  finishReason: string | null;
  usage: TokenUsage | null;
  prompt: () => Message[];
  tools: () => { name: string; description: string | null; schema: unknown }[];
  parameters: () => Record<string, unknown>;
  answer: Message[];
  /** What the prompt ends with, for the feed row and to recognise user inputs. */
  promptTail: PromptTail;
  /** True when a resumed run only repeats an earlier call: nothing was asked and no tokens were spent. */
  replayed: boolean;
}

/** The small part of a prompt that events other than the request itself depend on. */
export interface PromptTail {
  captured: boolean;
  /** Text of the last message when a user wrote it. */
  userText: string | null;
  /** One line for the feed. */
  line: string | null;
  /** Tool answers after the last assistant message, by call id. */
  answers: { callId: string; text: string }[];
  /** The calls those answers belong to. */
  calls: ProposedCall[];
}

/** One execution of a tool. */
export interface ToolFacts {
  name: string;
  callId: string | null;
  /** A structure or text; undefined when not captured. */
  args: unknown;
  result: unknown;
  description: string | null;
  /** Agent handed to, when the tool is a handoff. */
  handoffTo: string | null;
  /** True for a report of the transport, inside the tool's own span or in its place. */
  transport?: boolean;
  /** How the call ended when nobody reports a result: the run around it is over. */
  unanswered?: 'lost' | 'cancelled' | undefined;
  /** Kind of sub-agent the tool starts. */
  launches?: string | null;
}

/** A failure as a span or log states it, interrupts excluded. */
export interface FailureFacts {
  message: string;
  errorType: string | null;
  stack: string | null;
}

/** What a sender states of an approval besides what is to be done. */
export type ApprovalTerms = Pick<ApprovalContent, 'reason' | 'risk' | 'expiresAt'>;

/** An interrupt: the run stopped to ask a person. */
export interface InterruptFacts {
  /** The sender's own id of the interrupt, when there is one. */
  id: string | null;
  action: string;
  args: unknown;
  question: string | null;
  allowedDecisions: string[];
  /** Why the agent asks, how risky it says the action is and when the request lapses (RFC 3339), where stated. */
  terms: ApprovalTerms;
  /** True when `action` names a tool the model proposed. */
  isTool: boolean;
  /** True when the tool that asked is one of those inside the span. */
  seeksTool?: boolean;
  /** Call id of that tool call, when stated. */
  callId: string | null;
  /** When it was raised; the end of its span when null. */
  atNs: bigint | null;
  /** Keys under which the answer may come in another trace. */
  keys: string[];
  /** True when read from a place that only counts where no node states the interrupt itself. */
  weak: boolean;
}

/** A person's or policy's answer seen in the input of a run. */
export interface DecisionFacts {
  decision: 'approve' | 'reject' | 'edit' | 'respond' | 'unknown';
  by: 'human' | 'automatic' | 'unknown';
  answer: unknown;
  /** Tool call decided upon, when stated. */
  callId: string | null;
  /** Tells several decisions of one span apart. */
  discriminator: string;
  /** Keys the request may be known under, where no call id tells. */
  keys: string[];
  /** When it was given; the start of the span that shows it when null. */
  atNs: bigint | null;
  /** Who decided, when named. */
  who: string | null;
  /** The request it answers, in the sender's words; null when it has none of its own. */
  action: string | null;
}

/** What a span around or inside a model call tells of its conversation; the call's own span wins. */
export interface ModelContext {
  /** `around` is the call's parent, `inside` its child. */
  place: 'around' | 'inside';
  prompt: () => Message[];
  promptTail: PromptTail;
  answer: Message[];
  replayed: boolean;
}

/** A run of a sub-agent that has no span of its own. */
export interface AgentRunRef {
  id: string;
  /** Kind of sub-agent, when stated. */
  type: string | null;
}

/** LangGraph's own metadata. */
export interface GraphFacts {
  node: string;
  /** Checkpoint namespace: the id of the node run, nested by `|`. */
  namespace: string;
  step: number | null;
  /** True inside a prebuilt agent, whose own nodes are no business of the user. */
  insideAgent: boolean;
}

/** A graph a sender declares whole, also the parts no run came to. */
export interface DeclaredGraph {
  name: string | null;
  nodes: { id: string; type: string | null; label: string | null }[];
  edges: { source: string; target: string; label: string | null; conditional: boolean }[];
}

/** Input of a run as far as user inputs and resumes depend on it. */
export interface InputFacts {
  /** Text of the last message when a user wrote it. */
  userText: string | null;
  /** True when the run was resumed: its input is a decision, not a new question. */
  isResume: boolean;
}

/** Everything a convention reads from one span, once, when the span arrives. */
export interface SpanFacts {
  convention: string;
  role: SpanRole;
  /** Name of the run, agent, node or tool as the sender spells it. */
  title: string;
  /** The agent the span states for itself; ancestors are asked only when it is null. */
  agent: string | null;
  /** Name of the agent whose span is this span's parent, when the convention knows that the parent is an agent. */
  parentAgent: string | null;
  /** True for a chain that is the run's workflow when nothing agentic encloses it. */
  mayBeWorkflow: boolean;
  /** Weaker hint, used after agent ancestors: graph node or traceloop entity. */
  entity: string | null;
  session: string | null;
  user: string | null;
  graph: GraphFacts | null;
  model: ModelFacts | null;
  tool: ToolFacts | null;
  input: InputFacts | null;
  failure: FailureFacts | null;
  interrupts: InterruptFacts[];
  decisions: DecisionFacts[];
  /** Plan found in the state a node returned. */
  statePlan: unknown[] | null;
  /** True when a call the agent ended without running waits for approval in this framework. */
  defersTools: boolean;
  /** True for instrumentations of a bare model client, which never report the tools' execution. */
  clientOnly: boolean;
  /** What the span tells of calls and agents that have spans or log records of their own. */
  reports: readonly Report[];
  modelContext: ModelContext | null;
  declaredGraph: DeclaredGraph | null;
  /** Node of the graph the sender says the agent was reached from. */
  cameFrom?: string | null;
  /** Sub-agent the span belongs to where its ancestors do not show it. */
  agentRun: AgentRunRef | null;
  /** Versions the sender states of the agent and of its prompt. */
  versions: { agent: string | null; prompt: string | null };
  /** Input and output of agents and nodes, as stated. */
  io: { input: () => ContentPart | null; output: () => ContentPart | null } | null;
}

/** Everything a convention reads from one log record. */
export interface LogFacts {
  convention: string;
  session: string | null;
  user: string | null;
  agent: string | null;
  /** Messages of the prompt the record carries. */
  prompt: Message[];
  /** Messages of the answer the record carries. */
  answer: Message[];
  finishReason: string | null;
  modelName: string | null;
  /** Text when the record itself is a user's input. */
  userText: string | null;
  /** True when the span the record names is the model call it tells of. */
  isModelCall: boolean;
  reports: readonly Report[];
  /** Order among records with the same time: the order a conversation is written in. */
  rank: number;
}

/** What a start notice announces: the span that has begun under its real ids. */
export interface StartNotice {
  spanId: string;
  parentSpanId: string | null;
}

/**
 * One way of writing agent work as OpenTelemetry. Conventions are tried richest first, the first
 * that claims a span reads it. Adding one touches its folder and the list only.
 */
export interface Convention {
  readonly name: string;
  /** Recognises spans that announce the start of another span. */
  startNotice?(span: SpanRecord): StartNotice | null;
  claimsSpan(span: SpanRecord): boolean;
  spanFacts?(span: SpanRecord): SpanFacts;
  /** Reports in the events of a span, whichever convention reads the span itself. */
  eventReports?(span: SpanRecord): Report[];
  /** Facts of a log record, or null when the record is not of this convention. */
  logFacts?(log: LogRecord): LogFacts | null;
}
