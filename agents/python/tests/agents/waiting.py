"""An agent in the middle of its work when SIGTERM comes."""

import os
import signal
import time

from opentelemetry import trace

import signalbox_kit

signalbox_kit.start()
tracer = trace.get_tracer("waiting")
running = tracer.start_span("invoke_agent waiting", attributes={"gen_ai.operation.name": "invoke_agent"})
print(format(running.get_span_context().trace_id, "032x"), end="", flush=True)
os.kill(os.getpid(), signal.SIGTERM)
time.sleep(30)
