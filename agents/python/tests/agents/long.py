"""An agent that works on for a while without a collector."""

import time

from opentelemetry import trace

import signalbox_kit

signalbox_kit.start()
for _ in range(10):
    with trace.get_tracer("long").start_as_current_span("invoke_agent long"):
        signalbox_kit.plan_set([{"id": "1", "text": "work", "status": "in_progress"}])
        time.sleep(0.06)
    time.sleep(0.09)
print("worked", end="")
