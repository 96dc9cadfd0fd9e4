"""Says once that the collector cannot be reached; after that the agent works on in silence."""

import logging
import threading
from typing import Any, Callable

from opentelemetry.sdk.trace.export import SpanExportResult

logger = logging.getLogger("signalbox_kit")

#: Loggers of the SDK and its exporters that write a line for each failed attempt.
_NOISY = (
    "opentelemetry.exporter.otlp.common.http",
    "opentelemetry.exporter.otlp.proto.http._common",
    "opentelemetry.exporter.otlp.proto.http._log_exporter",
    "opentelemetry.exporter.otlp.proto.http.trace_exporter",
    "opentelemetry.sdk._shared_internal",
)
_exporting = threading.local()


class Reachability:
    """Watches the exporters of one set-up."""

    def __init__(self, target: str) -> None:
        self._target = target
        self._lock = threading.Lock()
        self._warned = False
        for name in _NOISY:
            logging.getLogger(name).addFilter(_keep_unless_exporting)

    def watch(self, exporter: Any, *, says: bool = True) -> "WatchedExporter":
        """An exporter like ``exporter`` whose first failure is reported, unless ``says`` is false."""
        return WatchedExporter(exporter, self.warn if says else _say_nothing)

    def warn(self) -> None:
        """Reports the first failure; later ones are no news."""
        with self._lock:
            if self._warned:
                return
            self._warned = True
        logger.warning(
            "Signalbox does not get telemetry at %s. The agent works on; this is said once.",
            _without_password(self._target),
        )


class WatchedExporter:
    """An exporter of spans or logs whose own complaints are kept back, because the application cannot act on them."""

    def __init__(self, exporter: Any, failed: Callable[[], None]) -> None:
        self._wrapped = exporter
        self._failed = failed
        self._stopped = False

    def export(self, batch: Any) -> Any:
        """Exports, and reports a failure; older exporters raise when nobody listens."""
        _exporting.now = True
        try:
            result = self._wrapped.export(batch)
        except Exception:
            result = SpanExportResult.FAILURE
        finally:
            _exporting.now = False
        if getattr(result, "name", "SUCCESS") != "SUCCESS":
            self._failed()
        return result

    def shutdown(self) -> None:
        """Shuts the exporter down once, which also ends its retries."""
        if not self._stopped:
            self._stopped = True
            self._wrapped.shutdown()

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        """Passed on."""
        return bool(self._wrapped.force_flush(timeout_millis))


def _keep_unless_exporting(_record: logging.LogRecord) -> bool:
    return not getattr(_exporting, "now", False)


def _say_nothing() -> None:
    return None


def _without_password(address: str) -> str:
    scheme, separator, rest = address.partition("://")
    return f"{scheme}{separator}{rest.rpartition('@')[2]}"
