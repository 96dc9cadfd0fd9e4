"""People approve, stop and add tasks: the control link of an agent."""

import asyncio
import atexit
import os
import threading
from concurrent.futures import TimeoutError as FutureTimeout
from typing import Any, Callable, Dict, Mapping, Optional, Sequence

from opentelemetry.context import get_current

from ._asking import TERMS, Approval, Asking, AskingParts, trace_id_of
from ._command_log import CommandLog
from ._control_settings import CAPABILITIES, ControlOptions, ControlSettings, read_control_settings
from ._emit import EventOptions
from ._link import Link
from ._outbox import Frame, Outbox
from ._requests import Requests, Verdict, Waiting
from ._runs import Runs
from ._steering import Checkpoint, StoppedError

_GOODBYE_S = 1.0
_GIVEN_UP = "the agent gave the request up"


class Control:
    """The way people steer this agent. Nothing here raises for want of a collector; all of it is safe in any thread."""

    def __init__(self, settings: ControlSettings) -> None:
        self._settings = settings
        self._build(settings.agent_id)
        atexit.register(self._say_goodbye)

    @property
    def is_connected(self) -> bool:
        """True while the collector hears this agent."""
        return self._link.is_open

    @property
    def agent_id(self) -> str:
        """The id the collector knows this process by: another one when the configured id is taken."""
        return self._link.agent_id

    def approve(
        self,
        action: str,
        args: Any = None,
        *,
        id: Optional[str] = None,
        reason: Optional[str] = None,
        question: Optional[str] = None,
        risk: Optional[str] = None,
        allowed_decisions: Optional[Sequence[str]] = None,
        affects: Optional[str] = None,
        reversible: Optional[bool] = None,
        timeout: Optional[float] = None,
        trace_id: Optional[str] = None,
        options: Optional[EventOptions] = None,
    ) -> Approval:
        """Waits for a person to decide on an action.

        Give an ``id`` that survives a restart, and a restarted agent finds its decision. ``timeout`` is in seconds, at
        most 24 hours; then the answer is ``expired``, unless a person puts the end off. ``affects`` says in words what
        the action reaches, ``reversible`` whether it can be undone. ``trace_id`` is the run, that of the current span
        unless said.
        """
        terms = dict(
            reason=reason,
            question=question,
            risk=risk,
            allowed_decisions=allowed_decisions,
            affects=affects,
            reversible=reversible,
        )
        request = Asking(self._parts(), action, args, id, terms, timeout, trace_id, options)
        try:
            return request.answered(self._wait(request.begin()))
        except BaseException:
            self.withdraw(request.id)
            raise

    async def approve_async(self, action: str, args: Any = None, **terms: Any) -> Approval:
        """The same for ``asyncio``, with the arguments of :meth:`approve`; cancelling it gives the request up."""
        known = {name: terms.pop(name, None) for name in ("id", "timeout", "trace_id", "options")}
        stated = {name: terms.pop(name, None) for name in TERMS}
        if terms:
            raise TypeError(f"approve_async() got unexpected arguments: {', '.join(terms)}")
        request = Asking(
            self._parts(), action, args, known["id"], stated, known["timeout"], known["trace_id"], known["options"]
        )
        try:
            return request.answered(await self._wait_async(request.begin()))
        except BaseException:
            self.withdraw(request.id)
            raise

    def withdraw(self, id: str, reason: str = _GIVEN_UP) -> None:
        """Gives a request up; whoever waits for it gets ``expired``."""
        self._requests.withdraw(id, reason)

    def checkpoint(self, trace_id: Optional[str] = None) -> Checkpoint:
        """Raises :class:`StoppedError` when the run was stopped; else the tasks and proposals since the last one."""
        run = trace_id_of(trace_id, get_current())
        self._after_fork()
        return Checkpoint() if run is None else self._runs.checkpoint(run)

    def stop_event(self, trace_id: Optional[str] = None) -> threading.Event:
        """Set when a person stops the run."""
        run = trace_id_of(trace_id, get_current())
        self._after_fork()
        return threading.Event() if run is None else self._runs.event(run)

    def on_stop(self, handler: Callable[[StoppedError], Any]) -> Callable[[], None]:
        """Calls back, in a thread of its own, when a person stops a run; answers what takes the handler off again."""
        return self._runs.on_stop(handler)

    def refuse(self, task_id: str, reason: str) -> bool:
        """Turns a task or proposal down, until the next checkpoint or half a second after it was given."""
        return self._runs.refuse(task_id, reason)

    def run_started(self, trace_id: str) -> None:
        """A run begins; the span processor and the first approve or checkpoint in it say so by themselves."""
        self._after_fork()
        self._runs.root_started(trace_id)

    def run_ended(self, trace_id: str) -> None:
        """A run ends, once for each time it was started."""
        self._runs.root_ended(trace_id)

    def close(self) -> None:
        """Gives up what waits and says goodbye; never raises."""
        atexit.unregister(self._say_goodbye)
        self._requests.close()
        self._say_goodbye()

    def _parts(self) -> AskingParts:
        self._after_fork()
        return AskingParts(self._lock, self._log, self._runs, self._requests, self._settings.timeout)

    def _say_goodbye(self) -> None:
        self._runs.close()
        self._link.close(_GOODBYE_S)

    def _build(self, agent_id: str) -> None:
        self._pid = os.getpid()
        self._lock = threading.RLock()
        self._link = Link(self._settings, agent_id=agent_id, welcomed=self._welcomed, received=self._receive)
        self._outbox = Outbox(self._lock, self._link.wake)
        self._link.outbox = self._outbox
        self._log = CommandLog(self._outbox)
        self._runs = Runs(self._lock, self._log, self._outbox)
        self._requests = Requests(
            self._lock, self._log, self._outbox, self._settings.claim_within, lambda: self.is_connected
        )
        self._link.start()

    def _after_fork(self) -> None:
        """Threads do not survive a fork, and the parent keeps the id and its runs: the child begins anew."""
        if self._pid != os.getpid():
            self._build(f"{self._settings.agent_id}#{os.getpid()}")

    def _welcomed(self) -> None:
        with self._lock:
            self._outbox.restart([*self._runs.states(), *self._requests.states()])

    def _receive(self, frame: Frame) -> None:
        kind = frame["type"]
        if kind == "approval.stored":
            self._requests.stored(frame["id"])
        elif kind == "problem" and "id" in frame:
            self._requests.failed(frame["id"], frame["detail"])
        elif kind == "command" and frame["kind"] == "decision":
            self._requests.take(frame)
        elif kind == "command" and frame["kind"] == "extend":
            self._requests.extend(frame)
        elif kind == "command":
            with self._lock:
                if self._log.has(frame["id"]):
                    self._log.repeat(frame["id"])
                else:
                    self._runs.take(frame)

    def _wait(self, waiting: Waiting) -> Verdict:
        left: Optional[float] = waiting.left()
        while left is not None:
            try:
                return waiting.future.result(left)
            except FutureTimeout:
                left = self._requests.time_is_up(waiting)
        return waiting.future.result()

    async def _wait_async(self, waiting: Waiting) -> Verdict:
        future = asyncio.wrap_future(waiting.future)
        left: Optional[float] = waiting.left()
        while left is not None:
            done, _ = await asyncio.wait([future], timeout=left)
            if done:
                break
            left = self._requests.time_is_up(waiting)
        return await future


def connect_control(
    *,
    url: Optional[str] = None,
    key: Optional[str] = None,
    agent_id: Optional[str] = None,
    name: Optional[str] = None,
    workflow: Optional[str] = None,
    capabilities: Sequence[str] = CAPABILITIES,
    timeout: float = 3600.0,
    claim_within: float = 60.0,
    endpoint: Optional[str] = None,
    headers: Optional[Mapping[str, str]] = None,
) -> Control:
    """Connects this agent to the collector's agent link, so that people can approve, stop and add tasks.

    The arguments are the fields of :class:`ControlOptions`. Never raises for want of a collector; the connection is
    made, and made again, in the background.
    """
    given: Dict[str, Any] = dict(
        url=url, key=key, agent_id=agent_id, name=name, workflow=workflow, capabilities=capabilities
    )
    options = ControlOptions(timeout=timeout, claim_within=claim_within, endpoint=endpoint, headers=headers, **given)
    return Control(read_control_settings(options))
