"""Time from the start of a span to the event readers get for it, asked every 5 ms, while the span still runs."""

import pathlib
import statistics
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "tests"))

from opentelemetry import trace  # noqa: E402
from support import HTTP, events_of  # noqa: E402

import signalbox_kit  # noqa: E402

ROUNDS = 30
WARM_UP = 5
LIMIT_S = 5
YARDSTICK_MS = 200

signalbox = signalbox_kit.start(service_name="python-kit-bench", endpoint=HTTP)
tracer = trace.get_tracer("bench")
samples = []
for number in range(ROUNDS + WARM_UP):
    started = time.monotonic()
    with tracer.start_as_current_span(
        "invoke_agent bench", attributes={"gen_ai.operation.name": "invoke_agent"}
    ) as span:
        trace_id = format(span.get_span_context().trace_id, "032x")
        while not events_of(trace_id) and time.monotonic() < started + LIMIT_S:
            time.sleep(0.005)
        if number >= WARM_UP:
            samples.append((time.monotonic() - started) * 1000)
signalbox.shutdown()

median = statistics.median(samples)
print(f"with the kit: median {median:.0f} ms, worst {max(samples):.0f} ms over {len(samples)} running spans")
print(f"start to event with the kit / yardstick of {YARDSTICK_MS} ms: {median / YARDSTICK_MS:.2f}")
