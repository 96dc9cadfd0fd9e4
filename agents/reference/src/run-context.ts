import { context, trace, type Context, type Span } from '@opentelemetry/api';
import type { LangGraphRunnableConfig } from '@langchain/langgraph';

/** What is needed of LangChain's callback manager and of the tracer among its handlers. */
interface Callbacks {
  handlers?: { runs?: Record<string, { span?: Span } | undefined> }[];
  _parentRunId?: string;
  getParentRunId?: () => string | undefined;
}

/**
 * The context of the node that runs, for records that belong to its span. LangChain's instrumentation keeps its spans to
 * itself instead of making them active, so they are asked for.
 */
export function contextOf(config: LangGraphRunnableConfig): Context {
  const callbacks = config.callbacks as unknown as Callbacks | undefined;
  const runId = callbacks?.getParentRunId?.() ?? callbacks?._parentRunId;
  const spans = callbacks?.handlers?.map((handler) => (runId === undefined ? undefined : handler.runs?.[runId]?.span));
  const span = spans?.find((each) => each !== undefined);
  return span === undefined ? context.active() : trace.setSpan(context.active(), span);
}
