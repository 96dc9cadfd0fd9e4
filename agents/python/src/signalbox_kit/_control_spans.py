"""Runs begin and end with their spans."""

import threading
from typing import Callable, Dict, Optional, Set, Tuple

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor

from ._control import Control
from ._runs import later


class ControlSpanProcessor(SpanProcessor):
    """Tells the collector when runs begin and end: with the first and last sampled span without a parent here."""

    def __init__(self, control: Control) -> None:
        self._roots = _Roots(control.run_started, control.run_ended)

    def on_start(self, span: Span, parent_context: Optional[Context] = None) -> None:
        """Called by the SDK when a span starts."""
        context = span.get_span_context()
        parent = span.parent
        if context is None or not context.trace_flags.sampled or (parent is not None and not parent.is_remote):
            return
        self._roots.opened(trace.format_trace_id(context.trace_id), context.span_id)

    def on_end(self, span: ReadableSpan) -> None:
        """Called by the SDK when a span ends."""
        context = span.get_span_context()
        if context is not None:
            self._roots.closed(trace.format_trace_id(context.trace_id), context.span_id)

    def shutdown(self) -> None:
        """The control is closed by whoever connected it."""

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        """Nothing waits here."""
        return True


class _Roots:
    """Open root spans; each is announced once it has lasted a moment."""

    #: Runs that are over sooner are not worth a word.
    ANNOUNCE_AFTER_S = 0.02
    #: Spans that never end must not be remembered for ever.
    MOST_OPEN = 10_000

    def __init__(self, started: Callable[[str], None], ended: Callable[[str], None]) -> None:
        self._started = started
        self._ended = ended
        self._lock = threading.Lock()
        self._open: Set[Tuple[str, int]] = set()
        self._new: Dict[Tuple[str, int], None] = {}

    def opened(self, trace_id: str, span_id: int) -> None:
        """One timer serves every root that opens meanwhile."""
        with self._lock:
            if len(self._open) >= self.MOST_OPEN:
                return
            is_first = not self._new
            self._open.add((trace_id, span_id))
            self._new[(trace_id, span_id)] = None
        if is_first:
            later(self.ANNOUNCE_AFTER_S, self._announce)

    def closed(self, trace_id: str, span_id: int) -> None:
        """Also when its start was not announced: the agent may have asked or looked in the meantime."""
        with self._lock:
            if (trace_id, span_id) not in self._open:
                return
            self._open.discard((trace_id, span_id))
            self._new.pop((trace_id, span_id), None)
        self._ended(trace_id)

    def _announce(self) -> None:
        with self._lock:
            roots, self._new = list(self._new), {}
        for trace_id, _ in roots:
            self._started(trace_id)
