"""An agent that does its work and ends by itself: nothing is flushed by hand."""

from opentelemetry import trace

import signalbox_kit

signalbox_kit.start()
with trace.get_tracer("plain").start_as_current_span("invoke_agent plain") as span:
    span.set_attribute("gen_ai.operation.name", "invoke_agent")
    span.set_attribute("gen_ai.agent.name", "plain")
    signalbox_kit.plan_set([{"id": "1", "text": "end", "status": "in_progress"}])
    print(format(span.get_span_context().trace_id, "032x"), end="")
