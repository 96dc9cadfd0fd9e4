"""Approvals."""

from datetime import datetime, timezone
from typing import Any, Optional, Sequence, Union

from ._emit import EventOptions, emit_event, json_text


def approval_requested(
    *,
    id: str,
    action: str,
    arguments: Any = None,
    question: Optional[str] = None,
    reason: Optional[str] = None,
    risk: Optional[str] = None,
    allowed_decisions: Optional[Sequence[str]] = None,
    expires_at: Union[datetime, str, None] = None,
    options: Optional[EventOptions] = None,
) -> None:
    """States that the agent waits for a person: ``signalbox.approval.requested``.

    ``id`` names this approval; the decision carries the same one. ``arguments`` are sent as JSON. ``risk`` is low,
    medium, high or critical; decisions are approve, reject, edit and respond.
    """
    fields = {
        "signalbox.approval.id": id,
        "signalbox.approval.action": action,
        "signalbox.approval.arguments": json_text(arguments),
        "signalbox.approval.question": question,
        "signalbox.approval.reason": reason,
        "signalbox.approval.risk": risk,
        "signalbox.approval.allowed_decisions": None if allowed_decisions is None else list(allowed_decisions),
        "signalbox.approval.expires_at": _rfc3339(expires_at),
    }
    emit_event("signalbox.approval.requested", fields, options)


def approval_decided(
    *,
    id: str,
    decision: str,
    by: Optional[str] = None,
    automatic: Optional[bool] = None,
    reason: Optional[str] = None,
    answer: Any = None,
    options: Optional[EventOptions] = None,
) -> None:
    """States what was decided (approve, reject, edit or respond): ``signalbox.approval.decided``."""
    fields = {
        "signalbox.approval.id": id,
        "signalbox.approval.decision": decision,
        "signalbox.approval.by": by,
        "signalbox.approval.automatic": automatic,
        "signalbox.approval.reason": reason,
        "signalbox.approval.answer": json_text(answer),
    }
    emit_event("signalbox.approval.decided", fields, options)


def _rfc3339(when: Union[datetime, str, None]) -> Optional[str]:
    """A time without a zone is local time, as everywhere in Python."""
    if not isinstance(when, datetime):
        return when
    return when.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
