"""Shows an agent's work in Signalbox while it happens, over plain OpenTelemetry."""

from ._approval import approval_decided, approval_requested
from ._asking import Approval
from ._control import Control, connect_control
from ._control_settings import ControlOptions
from ._control_spans import ControlSpanProcessor
from ._emit import EventOptions
from ._evolution import (
    component_version_created,
    component_version_promoted,
    component_version_rolled_back,
    experiment_completed,
    experiment_started,
    learning_iteration,
    prediction_made,
    test_completed,
)
from ._pending import PendingSpanCounts, PendingSpanProcessor
from ._plan import PlanItem, plan_item_changed, plan_set, task_added
from ._start import Signalbox, start
from ._steering import AddedTask, Checkpoint, PlanProposal, StoppedError
from ._workflow import autonomy_changed, chat_token, graph_declared

__all__ = [
    "AddedTask",
    "Approval",
    "Checkpoint",
    "Control",
    "ControlOptions",
    "ControlSpanProcessor",
    "EventOptions",
    "PendingSpanCounts",
    "PendingSpanProcessor",
    "PlanItem",
    "PlanProposal",
    "Signalbox",
    "StoppedError",
    "approval_decided",
    "approval_requested",
    "autonomy_changed",
    "chat_token",
    "component_version_created",
    "component_version_promoted",
    "component_version_rolled_back",
    "connect_control",
    "experiment_completed",
    "experiment_started",
    "graph_declared",
    "learning_iteration",
    "plan_item_changed",
    "plan_set",
    "prediction_made",
    "start",
    "task_added",
    "test_completed",
]
