"""Announces spans when they start."""

import os
import random
import threading
import time
from dataclasses import dataclass, replace
from typing import Any, Dict, List, Optional

from opentelemetry import context as contexts
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import SpanContext, TraceFlags, format_span_id

_NO_PARENT = "0" * 16
_BATCH_SIZE = 256
#: Kept by every version of the API for exporters; without it exports would be traced by instrumentation of HTTP.
_SUPPRESS_KEY = getattr(contexts, "_SUPPRESS_INSTRUMENTATION_KEY", "suppress_instrumentation")


@dataclass(frozen=True)
class PendingSpanCounts:
    """Counters of one processor."""

    #: Pending spans handed to the exporter or processor.
    sent: int = 0
    #: Starts dropped because too many waited.
    dropped: int = 0
    #: Failed exports, and faults kept away from the application.
    failed: int = 0


def build_pending_span(span: ReadableSpan) -> ReadableSpan:
    """The pending span of a running span, in the form Logfire introduced.

    A random id of its own, the real span as its parent, the real parent in an attribute, start equal to end.
    """
    real = span.get_span_context()
    if real is None:
        raise ValueError("a span without a context")
    parent = span.parent
    own = SpanContext(
        trace_id=real.trace_id,
        span_id=random.getrandbits(64) or 1,
        is_remote=False,
        trace_flags=TraceFlags(TraceFlags.SAMPLED),
        trace_state=real.trace_state,
    )
    attributes: Dict[str, Any] = dict(span.attributes or {})
    attributes["logfire.span_type"] = "pending_span"
    attributes["logfire.pending_parent_id"] = _NO_PARENT if parent is None else format_span_id(parent.span_id)
    return ReadableSpan(
        name=span.name,
        context=own,
        parent=real,
        resource=span.resource,
        attributes=attributes,
        kind=span.kind,
        start_time=span.start_time,
        end_time=span.start_time,
        instrumentation_scope=span.instrumentation_scope,
    )


class PendingSpanProcessor(SpanProcessor):
    """Announces running spans, so that they are seen before they end; the real span goes the usual way.

    With an exporter, a start waits ``delay_ms``: spans that end sooner cost nothing, and attributes set right after
    the start are included. With a ``processor``, it takes each start at once and stays the application's. Starts
    beyond ``max_queue_size`` are dropped and counted. Nothing here ever raises into the application.
    """

    def __init__(
        self,
        exporter: Optional[SpanExporter] = None,
        *,
        processor: Optional[SpanProcessor] = None,
        delay_ms: float = 40,
        max_queue_size: int = 1024,
    ) -> None:
        self._exporter = exporter
        self._processor = processor
        self._delay = delay_ms / 1000
        self._limit = max_queue_size
        self._counts = PendingSpanCounts()
        self._stopped = False
        self._reset()

    @property
    def counts(self) -> PendingSpanCounts:
        """What has happened so far."""
        return self._counts

    def on_start(self, span: Span, parent_context: Optional[contexts.Context] = None) -> None:
        """Called by the SDK when a span starts."""
        try:
            context = span.get_span_context()
            if self._stopped or context is None or not context.trace_flags.sampled:
                return
            if self._processor is not None:
                self._processor.on_end(build_pending_span(span))
                self._count(sent=1)
            elif self._exporter is not None:
                self._wait(context.span_id, span)
        except Exception:
            self._count(failed=1)

    def on_end(self, span: ReadableSpan) -> None:
        """Called by the SDK when a span ends: its start is no news any more."""
        context = span.get_span_context()
        if context is not None:
            with self._changed:
                self._waiting.pop(context.span_id, None)

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        """Sends every waiting start."""
        deadline = time.monotonic() + timeout_millis / 1000
        while self._take_and_export():
            if time.monotonic() > deadline:
                return False
        return True

    def shutdown(self) -> None:
        """Sends what waits and stops; the exporter is shut down too."""
        if self._stopped:
            return
        self._stopped = True
        self.force_flush()
        with self._changed:
            self._changed.notify_all()
        try:
            if self._exporter is not None:
                self._exporter.shutdown()
        except Exception:
            self._count(failed=1)

    def _reset(self) -> None:
        self._pid = os.getpid()
        self._waiting: Dict[int, Span] = {}
        self._changed = threading.Condition()
        self._worker: Optional[threading.Thread] = None

    def _wait(self, span_id: int, span: Span) -> None:
        if self._pid != os.getpid():
            # Threads do not survive a fork, and a lock may have been held: start over in the child.
            self._reset()
        with self._changed:
            if len(self._waiting) >= self._limit:
                self._count(dropped=1)
                return
            self._waiting[span_id] = span
            if self._worker is None:
                self._worker = threading.Thread(target=self._run, name="signalbox-pending", daemon=True)
                self._worker.start()
            self._changed.notify()

    def _run(self) -> None:
        """One export at a time, so that an absent collector costs one queue and one request."""
        while not self._stopped:
            with self._changed:
                while not self._waiting and not self._stopped:
                    self._changed.wait()
            time.sleep(self._delay)
            self._take_and_export()

    def _take_and_export(self) -> bool:
        """Exports one batch; False when nothing waited."""
        batch: List[ReadableSpan] = []
        with self._changed:
            taken = list(self._waiting.items())[:_BATCH_SIZE]
            for span_id, _ in taken:
                del self._waiting[span_id]
        for _, span in taken:
            try:
                batch.append(build_pending_span(span))
            except Exception:
                self._count(failed=1)
        if batch:
            self._export(batch)
        return bool(taken)

    def _export(self, batch: List[ReadableSpan]) -> None:
        token = contexts.attach(contexts.set_value(_SUPPRESS_KEY, True, contexts.Context()))
        try:
            result = self._exporter.export(batch) if self._exporter is not None else None
            if result is SpanExportResult.SUCCESS:
                self._count(sent=len(batch))
            else:
                self._count(failed=1)
        except Exception:
            self._count(failed=1)
        finally:
            contexts.detach(token)

    def _count(self, sent: int = 0, dropped: int = 0, failed: int = 0) -> None:
        now = self._counts
        self._counts = replace(now, sent=now.sent + sent, dropped=now.dropped + dropped, failed=now.failed + failed)
