"""Pending spans: their form, and that they never disturb the application."""

import time
import unittest
from typing import Any, List, Optional, Sequence

from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF

from signalbox_kit import PendingSpanProcessor


class KeepingExporter(SpanExporter):
    """Keeps what it gets; ``fault`` is raised and ``result`` answered."""

    def __init__(self, result: SpanExportResult = SpanExportResult.SUCCESS, fault: Optional[Exception] = None) -> None:
        self.spans: List[ReadableSpan] = []
        self.result = result
        self.fault = fault

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Keeps the spans."""
        if self.fault:
            raise self.fault
        self.spans.extend(spans)
        return self.result

    def shutdown(self) -> None:
        """Nothing to do."""


class BrokenProcessor(SpanProcessor):
    """Raises on everything it is handed."""

    def on_end(self, span: Any) -> None:
        """Raises."""
        raise RuntimeError("broken processor")


def tracer_of(processor: SpanProcessor, **settings: Any) -> trace.Tracer:
    """A tracer with one processor."""
    provider = TracerProvider(shutdown_on_exit=False, **settings)
    provider.add_span_processor(processor)
    return provider.get_tracer("tests")


class PendingSpans(unittest.TestCase):
    """What is sent when a span starts."""

    def test_form_and_attributes_set_after_the_start(self) -> None:
        exporter = KeepingExporter()
        processor = PendingSpanProcessor(exporter, delay_ms=10_000)
        tracer = tracer_of(processor)

        root = tracer.start_span("root")
        child = tracer.start_span("child", context=trace.set_span_in_context(root), attributes={"early": 1})
        child.set_attribute("late", True)
        processor.force_flush()

        first, second = exporter.spans
        real = child.get_span_context()
        self.assertEqual(first.attributes and first.attributes["logfire.pending_parent_id"], "0" * 16)
        self.assertEqual(second.parent, real)
        self.assertEqual(second.context and second.context.trace_id, real.trace_id)
        self.assertNotEqual(second.context and second.context.span_id, real.span_id)
        self.assertEqual(second.start_time, second.end_time)
        self.assertEqual(
            dict(second.attributes or {}),
            {
                "early": 1,
                "late": True,
                "logfire.span_type": "pending_span",
                "logfire.pending_parent_id": format(root.get_span_context().span_id, "016x"),
            },
        )

    def test_a_span_that_ended_before_is_not_announced(self) -> None:
        exporter = KeepingExporter()
        processor = PendingSpanProcessor(exporter, delay_ms=10_000)

        tracer_of(processor).start_span("short").end()
        processor.force_flush()

        self.assertEqual(exporter.spans, [])

    def test_a_running_span_is_announced_without_a_flush(self) -> None:
        exporter = KeepingExporter()
        processor = PendingSpanProcessor(exporter, delay_ms=1)

        tracer_of(processor).start_span("long")
        deadline = time.monotonic() + 5
        while not exporter.spans and time.monotonic() < deadline:
            time.sleep(0.005)

        self.assertEqual([span.name for span in exporter.spans], ["long"])
        processor.shutdown()

    def test_starts_are_dropped_and_counted_when_too_many_wait(self) -> None:
        processor = PendingSpanProcessor(KeepingExporter(), delay_ms=10_000, max_queue_size=3)
        tracer = tracer_of(processor)

        for _ in range(5):
            tracer.start_span("many")

        self.assertEqual(processor.counts.dropped, 2)

    def test_nothing_is_raised_into_the_application(self) -> None:
        for exporter in (KeepingExporter(fault=RuntimeError("broken")), KeepingExporter(SpanExportResult.FAILURE)):
            processor = PendingSpanProcessor(exporter, delay_ms=10_000)
            tracer_of(processor).start_span("kept away")
            processor.shutdown()
            self.assertEqual((processor.counts.failed, processor.counts.sent), (1, 0))

        broken = PendingSpanProcessor(processor=BrokenProcessor())
        tracer_of(broken).start_span("kept away")
        self.assertEqual(broken.counts.failed, 1)

    def test_unsampled_spans_are_left_alone(self) -> None:
        exporter = KeepingExporter()
        processor = PendingSpanProcessor(exporter)

        tracer_of(processor, sampler=ALWAYS_OFF).start_span("unsampled")
        processor.shutdown()

        self.assertEqual(exporter.spans, [])


if __name__ == "__main__":
    unittest.main()
