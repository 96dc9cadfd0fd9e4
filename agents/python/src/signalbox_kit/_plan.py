"""Plans and tasks."""

from typing import Optional, Sequence, TypedDict

from ._emit import EventOptions, emit_event, json_text


class PlanItem(TypedDict):
    """One item of an agent's plan.

    ``id`` stays the same over revisions. ``status`` is pending, in_progress, completed, failed, cancelled or blocked.
    """

    id: str
    text: str
    status: str


def plan_set(
    items: Sequence[PlanItem], *, reason: Optional[str] = None, options: Optional[EventOptions] = None
) -> None:
    """States the whole plan, replacing the one before: ``signalbox.plan.set``."""
    fields = {"signalbox.plan.items": json_text(list(items)), "signalbox.plan.reason": reason}
    emit_event("signalbox.plan.set", fields, options)


def plan_item_changed(
    id: str,
    *,
    text: Optional[str] = None,
    status: Optional[str] = None,
    reason: Optional[str] = None,
    options: Optional[EventOptions] = None,
) -> None:
    """States a change of one plan item: ``signalbox.plan.item_changed``."""
    fields = {
        "signalbox.plan.item.id": id,
        "signalbox.plan.item.text": text,
        "signalbox.plan.item.status": status,
        "signalbox.plan.reason": reason,
    }
    emit_event("signalbox.plan.item_changed", fields, options)


def task_added(
    text: str, *, id: Optional[str] = None, note: Optional[str] = None, options: Optional[EventOptions] = None
) -> None:
    """States that a task was added: ``signalbox.task.added``."""
    fields = {"signalbox.task.text": text, "signalbox.task.id": id, "signalbox.task.note": note}
    emit_event("signalbox.task.added", fields, options)
