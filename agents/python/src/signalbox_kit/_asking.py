"""One call of ``approve``, with what telemetry says of it."""

import json
import threading
import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Any, Mapping, Optional

from opentelemetry import trace
from opentelemetry.context import Context, get_current

from ._approval import approval_decided, approval_requested
from ._command_log import CommandLog
from ._emit import EventOptions
from ._outbox import Frame
from ._requests import LONGEST_S, Requests, Verdict, Waiting
from ._runs import Runs
from ._steering import StoppedError

_LONGEST_TEXT = 10_000
#: What the vocabulary says of a request, too.
_SPOKEN = ("reason", "question", "risk", "allowed_decisions")
_TEXTS = ("question", "reason", "affects")
#: Everything a request may state beside its action and arguments.
TERMS = (*_SPOKEN, "affects", "reversible")
_LONGEST_ACTION = 500


@dataclass(frozen=True)
class Approval:
    """What became of a request."""

    id: str
    #: approve, edit, reject, respond; or expired: nobody decided, the run was stopped, or the request was given up.
    decision: str
    #: True for approve and edit: the action may be done, with ``args``.
    approved: bool
    #: What to do it with: as asked, or as a person edited it.
    args: Any
    #: What a person answered instead, on respond.
    answer: Any = None
    reason: Optional[str] = None
    #: Login of the person.
    by: Optional[str] = None


@dataclass(frozen=True)
class AskingParts:
    """What a call needs of the control."""

    lock: "threading.RLock"
    log: CommandLog
    runs: Runs
    requests: Requests
    #: Seconds to wait unless the call says it.
    timeout: float


class Asking:
    """One call of ``approve``, with what telemetry says of it."""

    def __init__(
        self,
        parts: AskingParts,
        action: str,
        args: Any,
        id: Optional[str],
        terms: Mapping[str, Any],
        timeout: Optional[float],
        trace_id: Optional[str],
        options: Optional[EventOptions],
    ) -> None:
        self.id = id or str(uuid.uuid4())
        self._parts = parts
        self._action = action
        self._args = args
        self._terms = terms
        self._timeout = min(parts.timeout if timeout is None else timeout, LONGEST_S)
        context = options.context if options and options.context is not None else get_current()
        self._options = replace(options or EventOptions(), context=context)
        self._trace_id = trace_id_of(trace_id, context)

    def begin(self) -> Waiting:
        """Says and asks."""
        expires_at = datetime.now(timezone.utc) + timedelta(seconds=self._timeout)
        approval_requested(
            id=self.id,
            action=self._action,
            arguments=self._args,
            expires_at=expires_at,
            options=self._options,
            **{name: self._terms[name] for name in _SPOKEN},
        )
        stop: Optional[StoppedError] = None
        if self._trace_id is not None:
            self._parts.runs.begin(self._trace_id)
            stop = self._parts.runs.stop_of(self._trace_id)
        if stop is not None:
            waiting = Waiting({"id": self.id}, 0)
            waiting.future.set_result(Verdict("expired", reason=f"The run was stopped by {stop.by}.", by=stop.by))
            return waiting
        return self._parts.requests.ask(self._frame(), self._timeout)

    def answered(self, verdict: Verdict) -> Approval:
        """Puts the answer into its form, and says that it arrived."""
        decision = verdict.decision
        answer = verdict.answer if decision == "respond" else None
        args = verdict.args if decision == "edit" else self._args
        approval_decided(
            id=self.id,
            # The vocabulary has no word for a lapse: it is a "no" that nobody spoke.
            decision="reject" if decision == "expired" else decision,
            automatic=True if decision == "expired" else None,
            by=verdict.by,
            reason=verdict.reason,
            answer=args if decision == "edit" else answer,
            options=self._options,
        )
        if verdict.command_id is not None:
            with self._parts.lock:
                evidence = f"approve() returned {decision} to the agent"
                self._parts.log.report(verdict.command_id, "effective", evidence)
        return Approval(self.id, decision, decision in ("approve", "edit"), args, answer, verdict.reason, verdict.by)

    def _frame(self) -> Frame:
        terms = self._terms
        texts = {name: terms[name][:_LONGEST_TEXT] for name in _TEXTS if terms[name] is not None}
        frame: Frame = {
            "type": "approval.request",
            "id": self.id,
            "action": self._action[:_LONGEST_ACTION],
            "args": _plain(self._args),
            **texts,
        }
        if self._trace_id is not None:
            frame["traceId"] = self._trace_id
        if terms["risk"] is not None:
            frame["risk"] = terms["risk"]
        if terms["reversible"] is not None:
            frame["reversible"] = bool(terms["reversible"])
        if terms["allowed_decisions"] is not None:
            frame["allowedDecisions"] = list(terms["allowed_decisions"])
        return frame


def trace_id_of(given: Optional[str], context: Context) -> Optional[str]:
    """The run that is meant: the one given, else that of the span in the context."""
    if given is not None:
        return given if len(given) == 32 and set(given) <= set("0123456789abcdef") and set(given) != {"0"} else None
    span = trace.get_current_span(context).get_span_context()
    return trace.format_trace_id(span.trace_id) if span.is_valid else None


def _plain(args: Any) -> Any:
    """What JSON cannot say is said as text."""
    try:
        return json.loads(json.dumps(args, default=str, allow_nan=False))
    except Exception:
        return "[not serializable]"
