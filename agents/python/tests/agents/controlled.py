"""An agent set up in one call: its runs are announced by their spans."""

from opentelemetry import trace

import signalbox_kit

control = signalbox_kit.start(control=True).control
with trace.get_tracer("controlled").start_as_current_span("invoke_agent controlled") as span:
    span.set_attribute("gen_ai.operation.name", "invoke_agent")
    trace_id = trace.format_trace_id(span.get_span_context().trace_id)
    print(trace_id, end="", flush=True)
    answer = control.approve("deploy", {"to": "production"}, id=f"controlled-{trace_id}", risk="high")
    print(f" {answer.decision}", end="")
