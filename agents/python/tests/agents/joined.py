"""An agent that set OpenTelemetry up by itself before."""

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

import signalbox_kit

own = InMemorySpanExporter()
provider = TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(own))
trace.set_tracer_provider(provider)
tracer = trace.get_tracer("joined")
signalbox = signalbox_kit.start()

span = tracer.start_span("invoke_agent joined", attributes={"gen_ai.operation.name": "invoke_agent"})
span.end()
signalbox.flush()
print(format(span.get_span_context().trace_id, "032x"), len(own.get_finished_spans()), end="")
signalbox.shutdown()
