"""Requests that wait for a person, by their id."""

import json
import threading
import time
from collections import OrderedDict
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Optional

from ._command_log import CommandLog
from ._outbox import Frame, Outbox, Saying
from ._runs import later

#: The collector keeps no request longer, and takes no longer frame.
LONGEST_S = 86_400.0
_LARGEST_FRAME = 1024 * 1024
_MOST_OVER = 1000
_MOST_UNCLAIMED = 1000
#: A decision of the last moment, or the collector's own word that time is up, may still be on its way.
_LAST_WORD_S = 3.0


@dataclass(frozen=True)
class Verdict:
    """How a request ended."""

    decision: str
    args: Any = None
    answer: Any = None
    reason: Optional[str] = None
    by: Optional[str] = None
    #: The command that brought it; None when the agent gave up by itself.
    command_id: Optional[str] = None


class Waiting:
    """A request; the same id twice is one."""

    def __init__(self, frame: Frame, deadline: float) -> None:
        self.frame = frame
        self.deadline = deadline
        self.is_stored = False
        self.future: "Future[Verdict]" = Future()

    def left(self) -> float:
        """Seconds until the time is up."""
        return max(0.0, self.deadline - time.monotonic())


class Requests:
    """What waits, what is over, and what was decided before anybody asked."""

    def __init__(
        self,
        lock: "threading.RLock",
        log: CommandLog,
        outbox: Outbox,
        claim_within: float,
        is_online: Callable[[], bool],
    ) -> None:
        self._lock = lock
        self._log = log
        self._outbox = outbox
        self._claim_within = claim_within
        self._is_online = is_online
        self._waiting: Dict[str, Waiting] = {}
        #: Ids nobody waits for any more.
        self._over: "OrderedDict[str, None]" = OrderedDict()
        #: Decisions on requests of an earlier process with this id, until the agent asks again.
        self._unclaimed: Dict[str, Frame] = {}

    def ask(self, frame: Frame, timeout: float) -> Waiting:
        """Asks; whoever waits asks :meth:`time_is_up` when its time is up."""
        id = frame["id"]
        with self._lock:
            known = self._waiting.get(id)
            if known is not None:
                return known
            waiting = Waiting(frame, time.monotonic() + min(max(timeout, 0.001), LONGEST_S))
            held = self._unclaimed.pop(id, None)
            if held is not None:
                self._end(id)
                waiting.future.set_result(_verdict_of(held))
            elif len(json.dumps(frame)) > _LARGEST_FRAME - 1024:
                reason = "the arguments are larger than one request may be"
                waiting.future.set_result(Verdict("expired", reason=reason))
            else:
                self._over.pop(id, None)
                self._waiting[id] = waiting
                self._outbox.say(lambda: self._frame(waiting))
            return waiting

    def time_is_up(self, waiting: Waiting) -> Optional[float]:
        """Gives up; None when that is it, else how many seconds more a last word may take."""
        with self._lock:
            is_asked = self._waiting.get(waiting.frame["id"]) is waiting
            overtime = time.monotonic() - waiting.deadline
            if is_asked and overtime < 0:
                return -overtime
            if is_asked and waiting.is_stored and self._is_online() and overtime < _LAST_WORD_S:
                return _LAST_WORD_S - overtime
            self.withdraw(waiting.frame["id"], "nobody decided in time")
            return None

    def withdraw(self, id: str, reason: str) -> None:
        """The agent no longer waits."""
        with self._lock:
            if id in self._waiting:
                self._outbox.tell({"type": "approval.withdraw", "id": id, "reason": reason})
                self._settle(id, Verdict("expired", reason=reason))

    def states(self) -> List[Saying]:
        """Everything unanswered, for a new link."""
        return [lambda each=each: self._frame(each) for each in self._waiting.values()]  # type: ignore[misc]

    def take(self, command: Frame) -> None:
        """A decision came; a request that waits gets it, also when the command was seen before."""
        id = command.get("approval") or ""
        with self._lock:
            if id in self._waiting:
                if not self._log.has(command["id"]):
                    self._log.report(command["id"], "acked")
                self._settle(id, _verdict_of(command))
            elif self._log.has(command["id"]):
                self._log.repeat(command["id"])
            elif id in self._over:
                self._log.report(command["id"], "refused", "nobody waits for it any more")
            else:
                self._hold(id, command)

    def extend(self, command: Frame) -> None:
        """A person put the end of a request off: the agent waits as much longer."""
        with self._lock:
            waiting = self._waiting.get(command.get("approval") or "")
            if self._log.has(command["id"]):
                self._log.repeat(command["id"])
            elif waiting is None:
                self._log.report(command["id"], "refused", "nobody waits for it any more")
            else:
                seconds = min(max(command.get("waitMs", 0) / 1000, 0.001), LONGEST_S)
                waiting.deadline = time.monotonic() + seconds
                self._log.report(command["id"], "effective", f"the agent waits {round(seconds)} s more")

    def stored(self, id: str) -> None:
        """The collector has the request."""
        with self._lock:
            if id in self._waiting:
                self._waiting[id].is_stored = True

    def failed(self, id: str, detail: str) -> None:
        """The collector could not take the request."""
        with self._lock:
            self._settle(id, Verdict("expired", reason=detail))

    def close(self) -> None:
        """Gives everything up."""
        with self._lock:
            for id in list(self._waiting):
                self.withdraw(id, "the agent ended its control")

    def _frame(self, waiting: Waiting) -> Optional[Frame]:
        if self._waiting.get(waiting.frame["id"]) is not waiting:
            return None
        left = max(1, round((waiting.deadline - time.monotonic()) * 1000))
        return {**waiting.frame, "timeoutMs": left}

    def _settle(self, id: str, verdict: Verdict) -> None:
        waiting = self._waiting.pop(id, None)
        if waiting is not None:
            self._end(id)
            waiting.future.set_result(verdict)

    def _end(self, id: str) -> None:
        self._over[id] = None
        if len(self._over) > _MOST_OVER:
            self._over.popitem(last=False)

    def _hold(self, id: str, command: Frame) -> None:
        """An agent that died while it waited gets its decision before it has asked again."""
        self._log.report(command["id"], "acked")
        if len(self._unclaimed) >= _MOST_UNCLAIMED:
            self._log.report(command["id"], "refused", "this agent does not ask for it")
            return
        self._unclaimed[id] = command
        later(self._claim_within, lambda: self._give_up(id, command))

    def _give_up(self, id: str, command: Frame) -> None:
        with self._lock:
            if self._unclaimed.get(id) is command:
                del self._unclaimed[id]
                self._log.report(command["id"], "refused", "this agent does not ask for it")


def _verdict_of(command: Frame) -> Verdict:
    return Verdict(
        command.get("decision") or "expired",
        command.get("args"),
        command.get("answer"),
        command.get("reason"),
        command.get("by"),
        command["id"],
    )
