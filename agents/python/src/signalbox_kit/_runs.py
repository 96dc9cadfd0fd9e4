"""The runs this agent works on: what is known of each, and what people want of it."""

import threading
from collections import OrderedDict
from typing import Any, Callable, List, Optional

from opentelemetry.context import Context, get_current

from ._command_log import CommandLog
from ._emit import EventOptions
from ._outbox import Frame, Outbox, Saying
from ._plan import task_added
from ._reachability import logger
from ._steering import AddedTask, Checkpoint, PlanProposal, StoppedError

_MOST_RUNS = 1000
#: How long the agent may think about what ``checkpoint()`` gave it before it counts as taken on.
_REFUSE_WITHIN_S = 0.5
_KINDS = {"task.cancel": "cancel", "task.reorder": "reorder"}


class _Run:
    def __init__(self, trace_id: str) -> None:
        self.trace_id = trace_id
        self.is_live = False
        #: The collector was told of its end.
        self.end_told = True
        self.roots = 0
        self.stop: Optional[StoppedError] = None
        #: Stop commands whose effect has not been seen.
        self.unseen_stops: List[str] = []
        self.event: Optional[threading.Event] = None
        #: For the next checkpoint.
        self.waiting: List[Frame] = []
        #: Given by the last checkpoint; may still be refused.
        self.offered: List[Frame] = []
        self.offered_in: Optional[Context] = None

    def frame(self) -> Optional[Frame]:
        if not self.is_live:
            if self.end_told:
                return None
            self.end_told = True
        return {"type": "run", "traceId": self.trace_id, "state": "started" if self.is_live else "ended"}


class Runs:
    """All of them; what has ended goes first when there are too many."""

    def __init__(self, lock: "threading.RLock", log: CommandLog, outbox: Outbox) -> None:
        self._lock = lock
        self._log = log
        self._outbox = outbox
        self._runs: "OrderedDict[str, _Run]" = OrderedDict()
        self._handlers: List[Callable[[StoppedError], Any]] = []

    def begin(self, trace_id: str) -> None:
        """The run goes on; told to the collector when it is news."""
        with self._lock:
            self._live(trace_id)

    def root_started(self, trace_id: str) -> None:
        """A span began that has no parent in this process."""
        with self._lock:
            self._live(trace_id).roots += 1

    def root_ended(self, trace_id: str) -> None:
        """Such a span ended; the run ends with the last of them."""
        with self._lock:
            run = self._runs.get(trace_id)
            if run is None:
                return
            run.roots = max(0, run.roots - 1)
            if run.roots == 0 and run.is_live:
                self._end(run)

    def states(self) -> List[Saying]:
        """Everything the collector must hear after a reconnect."""
        return [run.frame for run in self._runs.values() if run.is_live or not run.end_told]

    def stop_of(self, trace_id: str) -> Optional[StoppedError]:
        """How the run was stopped, if it was."""
        with self._lock:
            run = self._runs.get(trace_id)
            return None if run is None else run.stop

    def on_stop(self, handler: Callable[[StoppedError], Any]) -> Callable[[], None]:
        """Adds a handler; answers what takes it off again."""
        self._handlers.append(handler)
        return lambda: self._handlers.remove(handler)

    def event(self, trace_id: str) -> threading.Event:
        """Set when a person stops the run."""
        with self._lock:
            run = self._live(trace_id)
            if run.event is None:
                run.event = threading.Event()
            if run.stop is not None:
                self._set(run)
            return run.event

    def checkpoint(self, trace_id: str) -> Checkpoint:
        """Raises when the run was stopped, else gives what people added."""
        with self._lock:
            run = self._live(trace_id)
            self._taken_on(run, run.offered)
            if run.stop is not None:
                self._stop_seen(run, "checkpoint() raised in the run")
                raise StoppedError(run.stop.trace_id, run.stop.by, run.stop.reason)
            given = run.waiting
            if not given:
                return Checkpoint()
            run.waiting, run.offered, run.offered_in = [], given, get_current()
        later(_REFUSE_WITHIN_S, lambda: self._settle(run, given))
        tasks = [_task_of(frame) for frame in given if frame["kind"] == "task.add"]
        proposals = [
            PlanProposal(frame["id"], _KINDS[frame["kind"]], list(frame["items"]), frame["by"])
            for frame in given
            if frame["kind"] in _KINDS
        ]
        return Checkpoint(tasks, proposals)

    def refuse(self, id: str, reason: str) -> bool:
        """The agent will not do it; False when it is not (or no longer) to be decided."""
        with self._lock:
            for run in self._runs.values():
                for frames in (run.offered, run.waiting):
                    for frame in frames:
                        if frame["id"] == id:
                            frames.remove(frame)
                            self._log.report(id, "refused", reason)
                            return True
        return False

    def take(self, command: Frame) -> None:
        """Takes a command for a run over."""
        with self._lock:
            trace_id = command.get("traceId") or ""
            run = self._runs.get(trace_id)
            if command["kind"] == "stop" and trace_id:
                stop = StoppedError(trace_id, command["by"], command.get("reason"))
                self._stop(run or self._remember(trace_id), command["id"], stop)
                return
            refusal = _refusal_of(command, run)
            if refusal is not None or run is None:
                self._log.report(command["id"], "refused", refusal)
                return
            run.waiting.append(command)
            self._log.report(command["id"], "acked")

    def close(self) -> None:
        """The agent is done: what was handed out counts, what was not is given back."""
        with self._lock:
            for run in self._runs.values():
                self._taken_on(run, run.offered)
                self._give_back(run, "the agent ended its control")

    def _stop(self, run: _Run, command_id: str, stop: StoppedError) -> None:
        run.stop = run.stop or stop
        if not run.is_live:
            # Remembered nevertheless: should the trace go on here, its next checkpoint raises.
            self._log.report(command_id, "refused", "the run is not, or no longer, known to this agent")
            return
        run.unseen_stops.append(command_id)
        self._log.report(command_id, "acked")
        for frame in run.waiting:
            self._log.report(frame["id"], "refused", "the run was stopped")
        run.waiting = []
        if run.event is not None:
            self._set(run)
        if self._handlers:
            # Not in the link's thread: a handler that takes its time must not end the heartbeat.
            threading.Thread(target=self._call_handlers, args=(run, stop), daemon=True).start()

    def _call_handlers(self, run: _Run, stop: StoppedError) -> None:
        for handler in list(self._handlers):
            try:
                handler(stop)
            except Exception as error:
                logger.warning("Signalbox: a stop handler failed: %r", error)
                continue
            with self._lock:
                self._stop_seen(run, "the agent's stop handler ran")

    def _set(self, run: _Run) -> None:
        if run.event is not None:
            run.event.set()
            self._stop_seen(run, "the stop event of the run was set")

    def _stop_seen(self, run: _Run, evidence: str) -> None:
        stops, run.unseen_stops = run.unseen_stops, []
        for command_id in stops:
            self._log.report(command_id, "effective", evidence)

    def _settle(self, run: _Run, given: List[Frame]) -> None:
        with self._lock:
            if run.offered is given:
                self._taken_on(run, given)

    def _taken_on(self, run: _Run, given: List[Frame]) -> None:
        """What the last checkpoint gave and nobody refused is the agent's now."""
        run.offered = []
        for frame in given:
            if frame["kind"] == "task.add":
                task = _task_of(frame)
                task_added(task.text, id=task.id, note=task.note, options=EventOptions(context=run.offered_in))
            self._log.report(frame["id"], "effective", "checkpoint() gave it to the agent")

    def _end(self, run: _Run) -> None:
        run.is_live, run.end_told = False, False
        self._taken_on(run, run.offered)
        self._give_back(run, "the run ended before it looked")
        self._outbox.say(run.frame)

    def _give_back(self, run: _Run, reason: str) -> None:
        ids = [frame["id"] for frame in run.waiting] + run.unseen_stops
        run.waiting, run.unseen_stops = [], []
        for command_id in ids:
            self._log.report(command_id, "refused", reason)

    def _live(self, trace_id: str) -> _Run:
        run = self._runs.get(trace_id) or self._remember(trace_id)
        if not run.is_live:
            run.is_live = True
            self._outbox.say(run.frame)
        return run

    def _remember(self, trace_id: str) -> _Run:
        if len(self._runs) >= _MOST_RUNS:
            ended = next((run for run in self._runs.values() if not run.is_live), None)
            run = ended or next(iter(self._runs.values()))
            self._taken_on(run, run.offered)
            self._give_back(run, "the agent works on too many runs")
            del self._runs[run.trace_id]
        self._runs[trace_id] = _Run(trace_id)
        return self._runs[trace_id]


def later(delay: float, work: Callable[[], None]) -> None:
    """Does it after a while, unless the process ends before."""
    timer = threading.Timer(delay, work)
    timer.daemon = True
    try:
        timer.start()
    except RuntimeError:
        pass  # The interpreter is ending.


def _refusal_of(command: Frame, run: Optional[_Run]) -> Optional[str]:
    if run is None:
        return "the run is not known to this agent"
    if not run.is_live:
        return "the run has ended"
    if run.stop is not None:
        return "the run was stopped"
    if command["kind"] == "task.add" and command.get("task"):
        return None
    if command["kind"] in _KINDS and command.get("items"):
        return None
    return f"the kit does not know what {command['kind']} is"


def _task_of(frame: Frame) -> AddedTask:
    task = frame["task"]
    return AddedTask(task["id"], task["text"], task.get("after"), task.get("note"))
