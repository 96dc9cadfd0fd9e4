"""Emits one event of the vocabulary, over the versions of OpenTelemetry's logs API."""

import inspect
import json
import logging
import threading
import time
from dataclasses import dataclass
from typing import Any, Dict, Mapping, Optional, Sequence, Union

from opentelemetry import _logs, trace
from opentelemetry.context import Context, get_current
from opentelemetry.sdk import _logs as sdk_logs

_SCOPE = "signalbox_kit"
_VERSION = "0.1.0"
_logger = logging.getLogger(__name__)
_lock = threading.Lock()
_last_time = 0
_chosen_provider: Optional[_logs.LoggerProvider] = None

Value = Union[str, bool, int, float, Sequence[str], None]


@dataclass(frozen=True)
class EventOptions:
    """Fields every event may carry beside its own."""

    #: The agent that speaks, when the surrounding span does not say it.
    agent_name: Optional[str] = None
    #: The conversation or session the event belongs to.
    conversation_id: Optional[str] = None
    #: The tool in question.
    tool_name: Optional[str] = None
    #: Context whose span the event belongs to; the current one if absent.
    context: Optional[Context] = None


def send_events_through(provider: Optional[_logs.LoggerProvider]) -> None:
    """Makes events go through ``provider`` instead of the global one; ``None`` goes back to the global one."""
    global _chosen_provider
    _chosen_provider = provider


def emit_event(name: str, fields: Mapping[str, Value], options: Optional[EventOptions] = None) -> None:
    """Emits a log record of the span in the context.

    Without a logger provider of the SDK it becomes a span event, which the collector reads the same way. Never raises.
    """
    try:
        _emit(name, fields, options or EventOptions())
    except Exception as error:
        _logger.debug("%s was not sent: %s", name, error)


def json_text(value: Any) -> Optional[str]:
    """JSON text of any value; what JSON cannot say is said as text, and nothing raises."""
    if value is None:
        return None
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    except Exception:
        return '"[not serializable]"'


def _emit(name: str, fields: Mapping[str, Value], options: EventOptions) -> None:
    context = options.context if options.context is not None else get_current()
    given: Dict[str, Value] = {
        **fields,
        "gen_ai.agent.name": options.agent_name,
        "gen_ai.conversation.id": options.conversation_id,
        "gen_ai.tool.name": options.tool_name,
    }
    attributes: Dict[str, Any] = {key: value for key, value in given.items() if value is not None}
    timestamp = _unique_time()
    provider = _chosen_provider or _logs.get_logger_provider()
    if not isinstance(provider, sdk_logs.LoggerProvider):
        trace.get_current_span(context).add_event(name, attributes, timestamp)
        return
    logger: Any = provider.get_logger(_SCOPE, _VERSION)
    record = {
        "timestamp": timestamp,
        "observed_timestamp": timestamp,
        "context": context,
        "severity_text": "INFO",
        "severity_number": _logs.SeverityNumber.INFO,
        "attributes": attributes,
        "event_name": name,
    }
    if "event_name" in inspect.signature(logger.emit).parameters:
        logger.emit(**record)
    else:
        # Up to 1.37 the SDK takes a record of its own class only, which carries the resource.
        own_record: Any = getattr(sdk_logs, "LogRecord")
        logger.emit(own_record(resource=provider.resource, **record))


def _unique_time() -> int:
    """Now, later than every time given before: two tokens in one tick of the clock keep their order."""
    global _last_time
    with _lock:
        _last_time = max(time.time_ns(), _last_time + 1)
        return _last_time
