"""Component versions, tests, experiments, learning and predictions."""

from typing import Any, Dict, Optional, Union

from ._emit import EventOptions, Value, emit_event, json_text


def component_version_created(
    *,
    id: str,
    version: str,
    type: Optional[str] = None,
    parent_version: Optional[str] = None,
    created_by: Optional[str] = None,
    reason: Optional[str] = None,
    options: Optional[EventOptions] = None,
) -> None:
    """States that a version was made: ``signalbox.component.version_created``.

    ``type`` is agent, tool, memory, model, chain or workflow; a new component has no ``parent_version``.
    """
    fields = {
        "signalbox.component.id": id,
        "signalbox.component.version": version,
        "signalbox.component.type": type,
        "signalbox.component.parent_version": parent_version,
        "signalbox.component.created_by": created_by,
        "signalbox.component.reason": reason,
    }
    emit_event("signalbox.component.version_created", fields, options)


def component_version_promoted(
    *,
    id: str,
    version: str,
    previous_version: Optional[str] = None,
    reason: Optional[str] = None,
    options: Optional[EventOptions] = None,
) -> None:
    """States that a version is in use from now on: ``signalbox.component.version_promoted``."""
    _switched("signalbox.component.version_promoted", (id, version, previous_version, reason), options)


def component_version_rolled_back(
    *,
    id: str,
    version: str,
    previous_version: Optional[str] = None,
    reason: Optional[str] = None,
    options: Optional[EventOptions] = None,
) -> None:
    """States that an older version is in use again: ``signalbox.component.version_rolled_back``."""
    _switched("signalbox.component.version_rolled_back", (id, version, previous_version, reason), options)


def test_completed(
    *,
    name: str,
    passed: int,
    failed: int,
    duration_ms: Optional[float] = None,
    component_id: Optional[str] = None,
    component_version: Optional[str] = None,
    options: Optional[EventOptions] = None,
) -> None:
    """States the result of a test: ``signalbox.test.completed``."""
    fields: Dict[str, Value] = {
        "signalbox.test.name": name,
        "signalbox.test.passed": passed,
        "signalbox.test.failed": failed,
        "signalbox.test.duration_ms": duration_ms,
        "signalbox.component.id": component_id,
        "signalbox.component.version": component_version,
    }
    emit_event("signalbox.test.completed", fields, options)


# pytest collects functions of this name wherever a test module imports them.
test_completed.__test__ = False  # type: ignore[attr-defined]


def experiment_started(
    *,
    id: str,
    name: Optional[str] = None,
    component_id: Optional[str] = None,
    version_a: Optional[str] = None,
    version_b: Optional[str] = None,
    options: Optional[EventOptions] = None,
) -> None:
    """States that an experiment between two versions began: ``signalbox.experiment.started``."""
    fields = _experiment(id, name, component_id, version_a, version_b)
    emit_event("signalbox.experiment.started", fields, options)


def experiment_completed(
    *,
    id: str,
    name: Optional[str] = None,
    component_id: Optional[str] = None,
    version_a: Optional[str] = None,
    version_b: Optional[str] = None,
    results: Any = None,
    conclusion: Optional[str] = None,
    options: Optional[EventOptions] = None,
) -> None:
    """States how an experiment ended; ``results`` are sent as JSON: ``signalbox.experiment.completed``."""
    fields = {
        **_experiment(id, name, component_id, version_a, version_b),
        "signalbox.experiment.results": json_text(results),
        "signalbox.experiment.conclusion": conclusion,
    }
    emit_event("signalbox.experiment.completed", fields, options)


def learning_iteration(
    *,
    iteration: int,
    metrics: Any = None,
    experiment_id: Optional[str] = None,
    options: Optional[EventOptions] = None,
) -> None:
    """States the figures of one round of learning, sent as JSON: ``signalbox.learning.iteration``."""
    fields = {
        "signalbox.learning.iteration": iteration,
        "signalbox.learning.metrics": json_text(metrics),
        "signalbox.experiment.id": experiment_id,
    }
    emit_event("signalbox.learning.iteration", fields, options)


def prediction_made(
    *,
    id: str,
    description: str,
    type: Optional[str] = None,
    confidence: Optional[float] = None,
    expected_improvement: Union[float, str, None] = None,
    component_id: Optional[str] = None,
    options: Optional[EventOptions] = None,
) -> None:
    """States what the system expects; ``confidence`` is 0 to 1: ``signalbox.prediction.made``."""
    fields = {
        "signalbox.prediction.id": id,
        "signalbox.prediction.description": description,
        "signalbox.prediction.type": type,
        "signalbox.prediction.confidence": confidence,
        "signalbox.prediction.expected_improvement": expected_improvement,
        "signalbox.component.id": component_id,
    }
    emit_event("signalbox.prediction.made", fields, options)


def _switched(
    name: str, change: "tuple[str, str, Optional[str], Optional[str]]", options: Optional[EventOptions]
) -> None:
    id, version, previous_version, reason = change
    fields = {
        "signalbox.component.id": id,
        "signalbox.component.version": version,
        "signalbox.component.previous_version": previous_version,
        "signalbox.component.reason": reason,
    }
    emit_event(name, fields, options)


def _experiment(
    id: str, name: Optional[str], component_id: Optional[str], version_a: Optional[str], version_b: Optional[str]
) -> "dict[str, Optional[str]]":
    return {
        "signalbox.experiment.id": id,
        "signalbox.experiment.name": name,
        "signalbox.component.id": component_id,
        "signalbox.experiment.version_a": version_a,
        "signalbox.experiment.version_b": version_b,
    }
