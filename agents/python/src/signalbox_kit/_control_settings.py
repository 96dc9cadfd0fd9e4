"""Where the agent link leads, and as whom."""

import os
import re
import socket
from dataclasses import dataclass, field
from typing import Dict, Mapping, Optional, Sequence, Tuple
from urllib.parse import unquote, urlsplit, urlunsplit

_AGENT_PORT = 4320
_AGENT_PATH = "/agent"
_LONGEST_NAME = 200
#: What the kit itself can carry out.
CAPABILITIES = ("approve", "edit", "respond", "stop", "add_task", "plan")


@dataclass(frozen=True)
class ControlOptions:
    """Options of ``connect_control``. What is absent comes from the environment."""

    #: Address of the agent link; else ``SIGNALBOX_AGENT_URL``, else port 4320 on the host of the OTLP endpoint.
    url: Optional[str] = None
    #: Ingest key; else ``SIGNALBOX_AGENT_KEY``, else what ``OTEL_EXPORTER_OTLP_HEADERS`` sends.
    key: Optional[str] = None
    #: Stable over restarts, so that decisions find the agent again; else ``SIGNALBOX_AGENT_ID``, else service@host.
    agent_id: Optional[str] = None
    #: Name for people; else ``OTEL_SERVICE_NAME``.
    name: Optional[str] = None
    #: The workflow this agent works in.
    workflow: Optional[str] = None
    #: What people may do with it; by default everything the kit can do.
    capabilities: Sequence[str] = CAPABILITIES
    #: Seconds ``approve`` waits unless it is told.
    timeout: float = 3600.0
    #: Seconds a decision nobody here asked for may be claimed by an ``approve`` with its id.
    claim_within: float = 60.0
    #: Where telemetry goes, when it is not ``OTEL_EXPORTER_OTLP_ENDPOINT``: the link goes to the same host.
    endpoint: Optional[str] = None
    #: What telemetry is sent with, when it is not ``OTEL_EXPORTER_OTLP_HEADERS``: the key may stand there.
    headers: Optional[Mapping[str, str]] = None


@dataclass(frozen=True)
class ControlSettings:
    """Options and environment, put together."""

    url: str
    agent_id: str
    name: str
    workflow: Optional[str]
    capabilities: Tuple[str, ...]
    timeout: float
    claim_within: float
    headers: Dict[str, str] = field(default_factory=dict)


def read_control_settings(options: ControlOptions) -> ControlSettings:
    """Puts options and environment together; options win."""
    service = _text("OTEL_SERVICE_NAME")
    name = options.name or service
    # Of its own for each process: a decision must never reach another one than the one that asked.
    own_id = f"{name or 'agent'}@{socket.gethostname()}#{os.getpid()}"
    agent_id = options.agent_id or _text("SIGNALBOX_AGENT_ID") or own_id
    endpoint = options.endpoint or _text("OTEL_EXPORTER_OTLP_ENDPOINT") or "http://localhost"
    sent = _headers_of(_text("OTEL_EXPORTER_OTLP_HEADERS") or "") if options.headers is None else options.headers
    return ControlSettings(
        url=_agent_url(options.url or _text("SIGNALBOX_AGENT_URL"), endpoint),
        headers=_credential(options.key or _text("SIGNALBOX_AGENT_KEY"), sent),
        # Room is left for what tells processes apart that share an id.
        agent_id=agent_id[: _LONGEST_NAME - 30],
        name=(name or agent_id)[:_LONGEST_NAME],
        workflow=None if options.workflow is None else options.workflow[:_LONGEST_NAME],
        capabilities=tuple(options.capabilities),
        timeout=options.timeout,
        claim_within=options.claim_within,
    )


def _text(variable: str) -> Optional[str]:
    return os.environ.get(variable, "").strip() or None


def _agent_url(given: Optional[str], endpoint: str) -> str:
    """An address that is none is answered as it is: dialling it says what is wrong."""
    address = given or endpoint
    try:
        # Exporters also take ``host:port`` without a scheme.
        parts = urlsplit(address if re.match(r"[A-Za-z]+://", address) else f"http://{address}")
        scheme = "wss" if parts.scheme in ("https", "wss") else "ws"
        if given is not None:
            path = _AGENT_PATH if parts.path in ("", "/") else parts.path
            return urlunsplit((scheme, parts.netloc, path, parts.query, ""))
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        return f"{scheme}://{host}:{_AGENT_PORT}{_AGENT_PATH}"
    except ValueError:
        return address


def _credential(key: Optional[str], sent: Mapping[str, str]) -> Dict[str, str]:
    """The header that shows the ingest key; none when there is no key."""
    if key is not None:
        return {"authorization": f"Bearer {key}"}
    return {name.lower(): value for name, value in sent.items() if name.lower() in ("authorization", "x-api-key")}


def _headers_of(text: str) -> Dict[str, str]:
    """``name=value`` after each other, percent-encoded, as the OpenTelemetry specification has it."""
    pairs = (pair.split("=", 1) for pair in text.split(",") if "=" in pair)
    return {unquote(name).strip(): unquote(value).strip() for name, value in pairs}
