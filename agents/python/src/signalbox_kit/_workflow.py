"""The workflow's graph, its autonomy, and chat."""

from typing import Any, Mapping, Optional, Sequence

from ._emit import EventOptions, emit_event, json_text


def graph_declared(
    *,
    nodes: Sequence[Mapping[str, Any]],
    edges: Sequence[Mapping[str, Any]],
    name: Optional[str] = None,
    options: Optional[EventOptions] = None,
) -> None:
    """States the graph of the workflow, which telemetry alone does not show: ``signalbox.graph.declared``.

    Nodes have ``id``, ``type`` and ``label``; edges have ``source``, ``target``, ``label`` and ``conditional``.
    """
    fields = {
        "signalbox.graph.nodes": json_text(list(nodes)),
        "signalbox.graph.edges": json_text(list(edges)),
        "signalbox.graph.name": name,
    }
    emit_event("signalbox.graph.declared", fields, options)


def autonomy_changed(
    *,
    level: str,
    previous: Optional[str] = None,
    reason: Optional[str] = None,
    scope: Optional[str] = None,
    options: Optional[EventOptions] = None,
) -> None:
    """States a new level of autonomy (manual, assisted, semi_auto or full): ``signalbox.autonomy.changed``."""
    fields = {
        "signalbox.autonomy.level": level,
        "signalbox.autonomy.previous": previous,
        "signalbox.autonomy.reason": reason,
        "signalbox.autonomy.scope": scope,
    }
    emit_event("signalbox.autonomy.changed", fields, options)


def chat_token(
    *,
    message_id: str,
    delta: str,
    index: Optional[int] = None,
    done: Optional[bool] = None,
    options: Optional[EventOptions] = None,
) -> None:
    """Sends a piece of a chat message, counted from 0: ``signalbox.chat.token``."""
    fields = {
        "signalbox.chat.message_id": message_id,
        "signalbox.chat.delta": delta,
        "signalbox.chat.index": index,
        "signalbox.chat.done": done,
    }
    emit_event("signalbox.chat.token", fields, options)
