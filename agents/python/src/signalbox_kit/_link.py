"""The lasting link to the collector, in a thread of its own."""

import json
import os
import random
import selectors
import socket
import threading
import time
from typing import Any, Callable, Dict, Optional

from opentelemetry import context as contexts

from ._control_settings import ControlSettings
from ._outbox import Outbox
from ._reachability import logger
from ._websocket import ABNORMAL, Closed, HandshakeRefused, WebSocket, connect

_FIRST_DELAY_S = 0.2
_LONGEST_DELAY_S = 10.0
_HANDSHAKE_S = 5.0
#: The collector answers a hello at once, unless its database is away.
_WELCOME_S = 10.0
_REPLACED = 4001
#: The same close code, when the collector heard nothing for a while: after sleep, or a process that was stopped.
_FELL_SILENT = "no heartbeat"
_CLIENT = "signalbox-kit 0.1.0 (Python)"
_SUPPRESS_KEY = getattr(contexts, "_SUPPRESS_INSTRUMENTATION_KEY", "suppress_instrumentation")
#: While frames wait for their turn, the link looks this often.
_PACE_S = 0.05


class Link:
    """Dials, says hello, keeps the connection alive, and dials again after every loss with growing, jittered pauses.

    Says at most once why it does not get through.
    """

    def __init__(
        self,
        settings: ControlSettings,
        *,
        agent_id: str,
        welcomed: Callable[[], None],
        received: Callable[[Dict[str, Any]], None],
    ) -> None:
        self.agent_id = agent_id
        self.is_open = False
        self.outbox: Optional[Outbox] = None
        self._settings = settings
        self._welcomed = welcomed
        self._received = received
        self._attempts = 0
        self._warned: "set[str]" = set()
        self._closing = threading.Event()
        self._near, self._far = socket.socketpair()
        self._near.setblocking(False)
        self._far.setblocking(False)
        self._thread = threading.Thread(target=self._run, name="signalbox-control", daemon=True)

    def start(self) -> None:
        """Begins to dial."""
        self._thread.start()

    def wake(self) -> None:
        """Something waits to be sent."""
        try:
            self._far.send(b"x")
        except OSError:
            pass  # Full: it is awake already.

    def close(self, limit: float) -> None:
        """Sends what waits, says goodbye; returns after ``limit`` seconds at most."""
        self._closing.set()
        self.wake()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join(limit)

    def _run(self) -> None:
        # What happens here belongs to no span, and instrumentation has no business with it.
        contexts.attach(contexts.set_value(_SUPPRESS_KEY, True, contexts.Context()))
        while not self._closing.is_set():
            refused = False
            try:
                code, reason = self._serve(connect(self._settings.url, self._settings.headers, _HANDSHAKE_S))
                if code == _REPLACED and reason != _FELL_SILENT:
                    self._renounce_id()
            except HandshakeRefused as error:
                refused = True
                hint = "; set SIGNALBOX_AGENT_KEY to an ingest key of the collector"
                self._warn("refused", f"{error}{hint if error.status in (401, 403) else ''}")
            except Exception as error:
                self._warn("away", str(error) or type(error).__name__)
            self._closing.wait(self._delay(refused))

    def _serve(self, websocket: WebSocket) -> "tuple[int, str]":
        """Until the connection is over; answers how it ended."""
        session = _Session(websocket, self)
        try:
            with selectors.DefaultSelector() as selector:
                selector.register(websocket, selectors.EVENT_READ)
                selector.register(self._near, selectors.EVENT_READ)
                websocket.send(json.dumps(self._hello()))
                # Something may have come along with the handshake.
                session.read()
                while session.go_on(self._closing.is_set()):
                    for key, _ in selector.select(session.pause()):
                        if key.fileobj is websocket:
                            session.read()
                        else:
                            self._drain()
            websocket.close(1000, "the agent is done")
            return 1000, ""
        except Closed as closed:
            return closed.code, closed.reason
        except OSError as error:
            return ABNORMAL, str(error)
        finally:
            self.is_open = False
            if self.outbox is not None:
                self.outbox.pause()
            websocket.abandon()

    def welcome(self) -> None:
        """The collector knows the agent."""
        self._attempts = 0
        self._welcomed()
        self.is_open = True

    def receive(self, frame: Dict[str, Any]) -> None:
        """Hands a frame on; a fault there must not end the link."""
        try:
            self._received(frame)
        except Exception as error:
            logger.warning("Signalbox: a frame was not understood: %r", error)

    def _hello(self) -> Dict[str, Any]:
        settings = self._settings
        hello = {
            "type": "hello",
            "protocol": 1,
            "agentId": self.agent_id,
            "name": settings.name,
            "client": _CLIENT,
            "capabilities": list(settings.capabilities),
        }
        return hello if settings.workflow is None else {**hello, "workflow": settings.workflow}

    def _drain(self) -> None:
        try:
            while self._near.recv(4096):
                pass
        except OSError:
            pass

    def _renounce_id(self) -> None:
        """Another process has the same id. Both going on under it would throw each other out for ever."""
        own = f"{self._settings.agent_id}#{os.getpid()}"
        self.agent_id = f"{own}-{random.randrange(16**6):06x}" if self.agent_id == own else own

    def _delay(self, refused: bool) -> float:
        # A refused key does not become right by asking often.
        if refused:
            return _LONGEST_DELAY_S
        grown = min(_LONGEST_DELAY_S, _FIRST_DELAY_S * 2.0 ** min(self._attempts, 10))
        self._attempts += 1
        return float(grown * random.uniform(0.5, 1))

    def _warn(self, kind: str, reason: str) -> None:
        if kind in self._warned or self._closing.is_set():
            return
        self._warned.add(kind)
        logger.warning(
            "Signalbox cannot control this agent over %s (%s). The agent works on; this is said once.",
            self._settings.url.rsplit("@", 1)[-1],
            reason,
        )


class _Session:
    """One connection: what is due on it, and when."""

    def __init__(self, websocket: WebSocket, link: Link) -> None:
        self._websocket = websocket
        self._link = link
        self._due = time.monotonic() + _WELCOME_S
        self._interval: Optional[float] = None

    def read(self) -> None:
        """Takes what came."""
        for text in self._websocket.receive():
            frame = _frame_of(text)
            if frame is None:
                continue
            if frame["type"] == "welcome":
                self._interval = float(frame.get("heartbeatSeconds") or 5)
                self._due = time.monotonic() + self._interval
                self._link.welcome()
            else:
                self._link.receive(frame)

    def go_on(self, closing: bool) -> bool:
        """Sends what may be sent; False when it is time to say goodbye."""
        if time.monotonic() >= self._due:
            self._beat()
        outbox = self._link.outbox
        while outbox is not None:
            frame = outbox.take()
            if frame is None:
                break
            try:
                self._websocket.send(json.dumps(frame))
            except OSError:
                outbox.give_back(frame)
                raise
        return not closing or (self._interval is not None and outbox is not None and not outbox.is_empty)

    def pause(self) -> float:
        """Seconds until something is due."""
        outbox = self._link.outbox
        waits = self._interval is not None and outbox is not None and not outbox.is_empty
        return _PACE_S if waits else max(0.0, self._due - time.monotonic())

    def _beat(self) -> None:
        if self._interval is None:
            raise Closed(ABNORMAL, "no welcome")
        # A link that answers no ping is dead, though nobody said so.
        if not self._websocket.answered:
            raise Closed(ABNORMAL, "no answer")
        self._due = time.monotonic() + self._interval
        self._websocket.send('{"type":"heartbeat"}')
        self._websocket.ping()


def _frame_of(text: str) -> Optional[Dict[str, Any]]:
    try:
        frame = json.loads(text)
    except ValueError:
        return None
    return frame if isinstance(frame, dict) and isinstance(frame.get("type"), str) else None
