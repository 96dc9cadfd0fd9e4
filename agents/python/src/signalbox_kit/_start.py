"""Sets OpenTelemetry up for Signalbox in one call."""

import atexit
import os
import queue
import signal
import threading
import time
from dataclasses import replace
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Union

from opentelemetry import _logs, trace
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from ._control import Control
from ._control_settings import ControlOptions, read_control_settings
from ._control_spans import ControlSpanProcessor
from ._emit import send_events_through
from ._pending import PendingSpanProcessor
from ._reachability import Reachability, WatchedExporter, logger

#: Signalbox shows work while it happens; the SDK's own default is 5000 ms for spans.
_DELAY_MS = 100
#: An agent that waits for a dead collector at its end helps nobody.
_FLUSH_LIMIT_S = 3.0
#: A start that comes late is no news.
_PENDING_TIMEOUT_S = 1
_LOCAL_COLLECTOR = "http://localhost:4318"

_running: "Optional[Signalbox]" = None


class Signalbox:
    """What :func:`start` set up."""

    def __init__(
        self,
        senders: Sequence[Any],
        exporters: Sequence[WatchedExporter],
        control: Optional[Control] = None,
    ) -> None:
        #: How people steer this agent; there when ``control`` was asked for.
        self.control = control
        self._senders = list(senders)
        self._exporters = list(exporters)
        self._stopped = False
        self._helpers = _Helpers()

    def flush(self) -> None:
        """Sends everything that waits; returns after at most three seconds and never raises."""
        self._helpers.do([sender.force_flush for sender in self._senders])

    def shutdown(self) -> None:
        """Flushes, then stops sending; never raises."""
        if self._stopped:
            return
        self._stopped = True
        atexit.unregister(self.shutdown)
        if self.control is not None:
            self.control.close()
        self.flush()
        send_events_through(None)
        # Exporters first: that ends retries, for which the others would wait.
        for exporter in self._exporters:
            _quietly(exporter.shutdown)
        self._helpers.do([sender.shutdown for sender in self._senders])


def start(
    *,
    service_name: Optional[str] = None,
    endpoint: Optional[str] = None,
    headers: Optional[Mapping[str, str]] = None,
    resource_attributes: Optional[Mapping[str, Any]] = None,
    span_processors: Sequence[SpanProcessor] = (),
    export_spans: bool = True,
    handle_signals: bool = True,
    control: Union[bool, ControlOptions] = False,
) -> Signalbox:
    """Sends spans, their starts and events to Signalbox, from the standard ``OTEL_*`` variables.

    ``endpoint`` is the base address of the collector's OTLP/HTTP port. ``export_spans=False`` sends starts and events
    only, for applications that export their spans to Signalbox already. A tracer provider that is registered already
    is joined. ``control`` lets people approve, stop and add tasks: ``True``, or its options. Safe to call twice, and
    never raises.
    """
    global _running
    # Before everything else: an agent that asks for approvals must get answers, also when telemetry is off.
    link = _connect(control, service_name, endpoint, headers)
    if _running is not None:
        _running.control = _running.control or link
        return _running
    if os.environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return Signalbox([], [], link)
    try:
        if link is not None:
            span_processors = [ControlSpanProcessor(link), *span_processors]
        connection = _Connection(endpoint, headers)
        resource = _describe_process(service_name, resource_attributes)
        senders = _start_spans(connection, resource, export_spans, span_processors)
        if os.environ.get("OTEL_LOGS_EXPORTER") != "none":
            senders.append(_start_logs(connection, resource))
        _running = Signalbox(senders, connection.exporters, link)
        atexit.register(_running.shutdown)
        if handle_signals:
            _shut_down_on_sigterm(_running)
        return _running
    except Exception as error:
        logger.warning("Signalbox could not start: %s", error)
        return Signalbox([], [], link)


def _connect(
    wanted: Union[bool, ControlOptions],
    service_name: Optional[str],
    endpoint: Optional[str],
    headers: Optional[Mapping[str, str]],
) -> Optional[Control]:
    """The link leads to the collector that gets the telemetry, with the same key, unless it is told otherwise."""
    if not wanted or (_running is not None and _running.control is not None):
        return None
    options = wanted if isinstance(wanted, ControlOptions) else ControlOptions()
    options = replace(
        options,
        name=options.name or service_name,
        endpoint=options.endpoint or endpoint,
        headers=headers if options.headers is None else options.headers,
    )
    return Control(read_control_settings(options))


class _Connection:
    """Makes exporters to one collector; what is not given they read from the environment."""

    def __init__(self, endpoint: Optional[str], headers: Optional[Mapping[str, str]]) -> None:
        self._endpoint = endpoint
        self._headers = headers
        self._reachability = Reachability(
            endpoint
            or os.environ.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
            or os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT")
            or _LOCAL_COLLECTOR
        )
        self.exporters: List[WatchedExporter] = []

    def spans(self, timeout: Optional[int] = None, says: bool = True) -> Any:
        """An exporter of spans."""
        return self._watched(OTLPSpanExporter(timeout=timeout, **self._settings("v1/traces")), says)

    def logs(self) -> Any:
        """An exporter of log records."""
        return self._watched(OTLPLogExporter(**self._settings("v1/logs")), True)

    def _settings(self, path: str) -> Dict[str, Any]:
        settings: Dict[str, Any] = {}
        if self._endpoint is not None:
            settings["endpoint"] = f"{self._endpoint.rstrip('/')}/{path}"
        if self._headers is not None:
            settings["headers"] = dict(self._headers)
        return settings

    def _watched(self, exporter: Any, says: bool) -> WatchedExporter:
        watched = self._reachability.watch(exporter, says=says)
        self.exporters.append(watched)
        return watched


def _start_spans(
    connection: _Connection, resource: Resource, export_spans: bool, more: Sequence[SpanProcessor]
) -> List[Any]:
    """Registers a tracer provider, or joins the registered one; answers what must be flushed."""
    pending = connection.spans(timeout=_PENDING_TIMEOUT_S, says=False)
    processors: List[SpanProcessor] = [PendingSpanProcessor(pending)]
    if export_spans and os.environ.get("OTEL_TRACES_EXPORTER") != "none":
        delay = _delay_unless_set("OTEL_BSP_SCHEDULE_DELAY")
        processors.append(BatchSpanProcessor(connection.spans(), schedule_delay_millis=delay))
    processors.extend(more)

    provider = trace.get_tracer_provider()
    if not hasattr(provider, "add_span_processor"):
        provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        trace.set_tracer_provider(provider)
    for processor in processors:
        provider.add_span_processor(processor)
    return list(processors)


def _start_logs(connection: _Connection, resource: Resource) -> LoggerProvider:
    """Events always go through this provider, which is known to lead to Signalbox."""
    provider = LoggerProvider(resource=resource, shutdown_on_exit=False)
    delay = _delay_unless_set("OTEL_BLRP_SCHEDULE_DELAY")
    provider.add_log_record_processor(BatchLogRecordProcessor(connection.logs(), schedule_delay_millis=delay))
    if not isinstance(_logs.get_logger_provider(), LoggerProvider):
        _logs.set_logger_provider(provider)
    send_events_through(provider)
    return provider


def _delay_unless_set(variable: str) -> Optional[float]:
    """None makes the SDK read the variable by itself."""
    return None if os.environ.get(variable, "").strip() else _DELAY_MS


def _describe_process(service_name: Optional[str], attributes: Optional[Mapping[str, Any]]) -> Resource:
    given: Dict[str, Any] = dict(attributes or {})
    if service_name is not None:
        given["service.name"] = service_name
    return Resource.create(given)


def _shut_down_on_sigterm(signalbox: Signalbox) -> None:
    """SIGTERM ends Python without ``atexit``. A handler of the application is left alone: ending is its business."""
    if threading.current_thread() is not threading.main_thread():
        return
    if signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        return

    def end(number: int, _frame: Any) -> None:
        signalbox.shutdown()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    signal.signal(signal.SIGTERM, end)


class _Helpers:
    """Does work in threads, for a limited time; a thread that hangs does not keep the process.

    Python 3.12 starts no threads any more while it ends, so one is kept ready for that moment.
    """

    def __init__(self) -> None:
        self._jobs: "queue.SimpleQueue[Callable[[], None]]" = queue.SimpleQueue()
        threading.Thread(target=self._run, name="signalbox-exit", daemon=True).start()

    def do(self, work: Sequence[Callable[[], Any]]) -> None:
        """Does all, and waits at most the limit."""
        deadline = time.monotonic() + _FLUSH_LIMIT_S
        finished = [self._begin(each) for each in work]
        for event in finished:
            event.wait(max(0.0, deadline - time.monotonic()))

    def _begin(self, work: Callable[[], Any]) -> threading.Event:
        done = threading.Event()

        def job() -> None:
            _quietly(work)
            done.set()

        try:
            threading.Thread(target=job, daemon=True).start()
        except RuntimeError:
            self._jobs.put(job)
        return done

    def _run(self) -> None:
        while True:
            self._jobs.get()()


def _quietly(work: Callable[[], Any]) -> None:
    try:
        work()
    except Exception as error:
        logger.debug("Signalbox: %s", error)
