"""People at the console, and a way to the collector that a test can break."""

import json
import os
import re
import secrets
import select
import socket
import struct
import threading
import urllib.error
import urllib.request
import uuid
from typing import Any, Dict, List, Optional, Set, Tuple
from urllib.parse import urlsplit

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags

from support import eventually

API = os.environ["KIT_TEST_API"]
LINK = API.replace("http", "ws") + "/agent"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


class Person:
    """Signed in at the console."""

    def __init__(self) -> None:
        body = f"password={os.environ['KIT_TEST_PASSWORD']}".encode()
        try:
            urllib.request.build_opener(_NoRedirect).open(f"{API}/sign-in", body)
            raise AssertionError("signing in did not redirect")
        except urllib.error.HTTPError as answer:
            cookie = (answer.headers["set-cookie"] or "").split(";")[0]
            answer.close()
        self._headers = {"cookie": cookie, "content-type": "application/json"}
        self._headers["x-signalbox-csrf"] = self.get("/session")["csrfToken"]

    def get(self, path: str) -> Any:
        """Reads."""
        with urllib.request.urlopen(urllib.request.Request(f"{API}/api{path}", headers=self._headers)) as answer:
            return json.load(answer)

    def post(self, path: str, **body: Any) -> Dict[str, Any]:
        """Orders; answers the command."""
        data = json.dumps({**body, "idempotencyKey": str(uuid.uuid4())}).encode()
        request = urllib.request.Request(f"{API}/api{path}", data, self._headers)
        try:
            with urllib.request.urlopen(request) as answer:
                return dict(json.load(answer))
        except urllib.error.HTTPError as error:
            with error:
                raise AssertionError(f"{path}: {error.status} {error.read()!r}") from error

    def pending(self, trace_id: str) -> Dict[str, Any]:
        """The pending approval of a run, once it is there."""
        path = f"/approvals?run={run_id_of(trace_id)}&status=pending"
        found = eventually(lambda: self.get(path)["approvals"], lambda approvals: len(approvals) > 0)
        assert found, "no approval waits"
        return dict(found[0])

    def decide(self, approval: Dict[str, Any], decision: str, **more: Any) -> Dict[str, Any]:
        """Decides on what is shown."""
        path = f"/approvals/{approval['id']}/decision"
        return self.post(path, decision=decision, shownHash=approval["shownHash"], **more)

    def settled(self, command: Dict[str, Any], state: str) -> Dict[str, Any]:
        """A command once it is in a state; fails with its history when it never comes there."""
        found = eventually(lambda: self.get(f"/commands/{command['id']}"), lambda each: each["state"] == state)
        assert found["state"] == state, found["history"]
        return dict(found)

    def stop(self, trace_id: str, **more: Any) -> Dict[str, Any]:
        """Stops a run."""
        return self.post(f"/runs/{run_id_of(trace_id)}/stop", **more)

    def add_task(self, trace_id: str, text: str, **more: Any) -> Dict[str, Any]:
        """Proposes a task."""
        return self.post(f"/runs/{run_id_of(trace_id)}/tasks", text=text, **more)

    def knows(self, trace_id: str) -> None:
        """The agent knows the collector, and the collector the run: orders for it are possible."""
        path = f"/runs/{run_id_of(trace_id)}/control"
        assert eventually(lambda: self.get(path), lambda control: control["online"])["online"]


def run_id_of(trace_id: str) -> str:
    """A trace id as the id of its run."""
    return re.sub(r"^(.{8})(.{4})(.{4})(.{4})(.{12})$", r"\1-\2-\3-\4-\5", trace_id)


def new_run() -> Tuple[str, Context]:
    """A new run: its trace id, and the context its work happens in."""
    trace_id = secrets.token_hex(16)
    span = SpanContext(int(trace_id, 16), secrets.randbits(63) | 1, False, TraceFlags(TraceFlags.SAMPLED))
    return trace_id, trace.set_span_in_context(NonRecordingSpan(span), Context())


class BreakableLink:
    """A TCP proxy before the collector."""

    def __init__(self) -> None:
        self._target = urlsplit(API)
        self._server = socket.create_server(("127.0.0.1", 0))
        self._open = True
        self._lock = threading.Lock()
        self._sockets: Set[socket.socket] = set()
        self.url = f"ws://127.0.0.1:{self._server.getsockname()[1]}/agent"
        threading.Thread(target=self._accept, daemon=True).start()

    def kill(self) -> None:
        """Cuts every connection, in the middle of whatever it carries."""
        with self._lock:
            for each in self._sockets:
                _reset(each)
            self._sockets.clear()

    def cut(self) -> None:
        """Lets nobody through until :meth:`mend`."""
        self._open = False
        self.kill()

    def mend(self) -> None:
        """Lets everybody through again."""
        self._open = True

    def close(self) -> None:
        """Ends it."""
        self.cut()
        self._server.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._server.accept()
            except OSError:
                return
            if not self._open:
                _reset(near)
                continue
            far = socket.create_connection((self._target.hostname or "", self._target.port or 0))
            with self._lock:
                self._sockets |= {near, far}
            threading.Thread(target=self._carry, args=(near, far), daemon=True).start()

    def _carry(self, near: socket.socket, far: socket.socket) -> None:
        try:
            while True:
                for ready in select.select([near, far], [], [])[0]:
                    data = ready.recv(65536)
                    if not data:
                        return
                    (far if ready is near else near).sendall(data)
        except (OSError, ValueError):
            pass
        finally:
            for each in (near, far):
                with self._lock:
                    self._sockets.discard(each)
                each.close()


def _reset(each: socket.socket) -> None:
    try:
        each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        each.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    each.close()


def percentile(values: List[float], share: float) -> Optional[float]:
    """The smallest value that so many are not above."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * int(share * 100) // 100) - 1)] if ordered else None
