"""Every event of the vocabulary, stored by a real collector."""

import json
import os
import unittest
from datetime import datetime, timezone
from typing import Any, Dict, NamedTuple

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

import signalbox_kit as kit
from signalbox_kit._emit import emit_event
from support import HTTP, events_of, eventually, log_rows

#: Of its own: the collector shows a plan once in each session, and the rows share the collector.
SESSION = f"session-{os.getpid()}"
ITEMS: Any = [{"id": "1", "text": "read", "status": "in_progress"}]
SWITCH: Dict[str, Any] = {"id": "search", "version": "3", "previous_version": "2", "reason": "better"}
EXPERIMENT: Dict[str, Any] = {
    "id": "e1",
    "name": "prompt",
    "component_id": "search",
    "version_a": "2",
    "version_b": "3",
}
WHEN = datetime(2030, 1, 2, 3, 4, 5, tzinfo=timezone.utc)


class Case(NamedTuple):
    """One call, and what it must arrive as."""

    call: Any
    name: str
    attributes: Dict[str, Any]
    becomes: str


def named(prefix: str, **fields: Any) -> Dict[str, Any]:
    """Attributes below one prefix."""
    return {f"signalbox.{prefix}.{key}": value for key, value in fields.items()}


SWITCHED = named("component", **SWITCH)
EXPERIMENT_FIELDS = {
    **named("experiment", id="e1", name="prompt", version_a="2", version_b="3"),
    "signalbox.component.id": "search",
}
CASES = [
    Case(
        lambda: kit.plan_set(
            ITEMS, reason="start", options=kit.EventOptions(agent_name="planner", conversation_id=SESSION)
        ),
        "signalbox.plan.set",
        {
            **named("plan", items='[{"id":"1","text":"read","status":"in_progress"}]', reason="start"),
            "gen_ai.agent.name": "planner",
            "gen_ai.conversation.id": SESSION,
        },
        "plan_update",
    ),
    Case(
        lambda: kit.plan_item_changed("1", text="read it", status="completed", reason="done"),
        "signalbox.plan.item_changed",
        {**named("plan.item", id="1", text="read it", status="completed"), "signalbox.plan.reason": "done"},
        "plan_update",
    ),
    Case(
        lambda: kit.task_added("write", id="2", note="by hand"),
        "signalbox.task.added",
        named("task", text="write", id="2", note="by hand"),
        "plan_update",
    ),
    Case(
        lambda: kit.approval_requested(
            id="a1",
            action="delete",
            arguments={"path": "x"},
            question="Really?",
            reason="cleanup",
            risk="high",
            allowed_decisions=("approve", "reject"),
            expires_at=WHEN,
            options=kit.EventOptions(tool_name="delete"),
        ),
        "signalbox.approval.requested",
        {
            **named("approval", id="a1", action="delete", arguments='{"path":"x"}', question="Really?"),
            **named("approval", reason="cleanup", risk="high", allowed_decisions=["approve", "reject"]),
            "signalbox.approval.expires_at": "2030-01-02T03:04:05.000Z",
            "gen_ai.tool.name": "delete",
        },
        "approval_request",
    ),
    Case(
        lambda: kit.approval_decided(id="a1", decision="edit", by="ann", automatic=False, reason="safer", answer=["y"]),
        "signalbox.approval.decided",
        named("approval", id="a1", decision="edit", by="ann", automatic=False, reason="safer", answer='["y"]'),
        "approval_decision",
    ),
    Case(
        lambda: kit.graph_declared(nodes=[{"id": "a"}], edges=[{"source": "a", "target": "a"}], name="loop"),
        "signalbox.graph.declared",
        named("graph", nodes='[{"id":"a"}]', edges='[{"source":"a","target":"a"}]', name="loop"),
        "",
    ),
    Case(
        lambda: kit.component_version_created(
            id="search", version="3", type="tool", parent_version="2", created_by="agent", reason="slow"
        ),
        "signalbox.component.version_created",
        named(
            "component", id="search", version="3", type="tool", parent_version="2", created_by="agent", reason="slow"
        ),
        "component_modified",
    ),
    Case(
        lambda: kit.component_version_promoted(**SWITCH),
        "signalbox.component.version_promoted",
        SWITCHED,
        "version_promoted",
    ),
    Case(
        lambda: kit.component_version_rolled_back(**SWITCH),
        "signalbox.component.version_rolled_back",
        SWITCHED,
        "version_promoted",
    ),
    Case(
        lambda: kit.test_completed(
            name="unit", passed=4, failed=1, duration_ms=12.5, component_id="search", component_version="3"
        ),
        "signalbox.test.completed",
        {
            **named("test", name="unit", passed=4, failed=1, duration_ms=12.5),
            **named("component", id="search", version="3"),
        },
        "test_completed",
    ),
    Case(
        lambda: kit.experiment_started(**EXPERIMENT),
        "signalbox.experiment.started",
        EXPERIMENT_FIELDS,
        "experiment",
    ),
    Case(
        lambda: kit.experiment_completed(**EXPERIMENT, results={"b": 2}, conclusion="b wins"),
        "signalbox.experiment.completed",
        {**EXPERIMENT_FIELDS, **named("experiment", results='{"b":2}', conclusion="b wins")},
        "experiment",
    ),
    Case(
        lambda: kit.learning_iteration(iteration=2, metrics={"loss": 0.5}, experiment_id="e1"),
        "signalbox.learning.iteration",
        {**named("learning", iteration=2, metrics='{"loss":0.5}'), "signalbox.experiment.id": "e1"},
        "learning_iteration",
    ),
    Case(
        lambda: kit.prediction_made(
            id="p1",
            description="faster",
            type="latency",
            confidence=0.7,
            expected_improvement=0.2,
            component_id="search",
        ),
        "signalbox.prediction.made",
        {
            **named("prediction", id="p1", description="faster", type="latency", confidence=0.7),
            "signalbox.prediction.expected_improvement": 0.2,
            "signalbox.component.id": "search",
        },
        "prediction",
    ),
    Case(
        lambda: kit.autonomy_changed(level="semi_auto", previous="manual", reason="trusted", scope="reads"),
        "signalbox.autonomy.changed",
        named("autonomy", level="semi_auto", previous="manual", reason="trusted", scope="reads"),
        "autonomy_level_changed",
    ),
    Case(
        lambda: kit.chat_token(message_id="m1", delta="Hel", index=0, done=False),
        "signalbox.chat.token",
        named("chat", message_id="m1", delta="Hel", index=0, done=False),
        "chat_message",
    ),
]


class EveryEvent(unittest.TestCase):
    """Emits all events once, then looks at what arrived."""

    signalbox: kit.Signalbox
    sent: Dict[str, Any] = {}

    @classmethod
    def setUpClass(cls) -> None:
        cls.signalbox = kit.start(service_name="python-kit-events", endpoint=HTTP, handle_signals=False)
        for case in CASES:
            with trace.get_tracer("tests").start_as_current_span("invoke_agent planner") as span:
                span.set_attribute("gen_ai.operation.name", "invoke_agent")
                case.call()
                cls.sent[case.name] = span.get_span_context()
        cls.signalbox.flush()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.signalbox.shutdown()

    def test_is_stored_with_its_span_and_its_attributes(self) -> None:
        for case in CASES:
            with self.subTest(case.name):
                context = self.sent[case.name]
                trace_id = format(context.trace_id, "032x")
                rows = eventually(lambda: log_rows(trace_id), lambda found: len(found) > 0)
                self.assertEqual([row["event_name"] for row in rows], [case.name])
                self.assertEqual(rows[0]["span_id"], format(context.span_id, "016x"))
                self.assertEqual(rows[0]["attributes"], case.attributes)

    def test_is_read_as_its_event_type(self) -> None:
        for case in CASES:
            if not case.becomes:
                continue
            with self.subTest(case.name):
                trace_id = format(self.sent[case.name].trace_id, "032x")
                read = lambda: [event["type"] for event in events_of(trace_id)]  # noqa: E731
                self.assertIn(case.becomes, eventually(read, lambda types: case.becomes in types, 3))

    def test_tokens_written_at_once_are_all_kept_in_their_order(self) -> None:
        with trace.get_tracer("tests").start_as_current_span("chat") as span:
            for index in range(50):
                kit.chat_token(message_id="m2", delta="x", index=index)
        self.signalbox.flush()

        trace_id = format(span.get_span_context().trace_id, "032x")
        rows = eventually(lambda: log_rows(trace_id), lambda found: len(found) == 50)

        self.assertEqual([row["attributes"]["signalbox.chat.index"] for row in rows], list(range(50)))

    def test_values_json_cannot_say_never_raise(self) -> None:
        circular: Dict[str, Any] = {}
        circular["self"] = circular

        kit.approval_requested(id="a2", action="x", arguments=circular)
        kit.learning_iteration(iteration=1, metrics={"when": WHEN, "raw": b"x"})


class WithoutLoggerProvider(unittest.TestCase):
    """The same names as span events, for applications without logs."""

    def test_an_event_becomes_a_span_event(self) -> None:
        exporter = InMemorySpanExporter()
        provider = TracerProvider()
        provider.add_span_processor(SimpleSpanProcessor(exporter))
        import signalbox_kit._emit as emit

        chosen, emit._chosen_provider = emit._chosen_provider, None
        global_provider, emit._logs.get_logger_provider = emit._logs.get_logger_provider, lambda: None  # type: ignore
        try:
            with provider.get_tracer("tests").start_as_current_span("work"):
                emit_event("signalbox.task.added", {"signalbox.task.text": "write"})
        finally:
            emit._chosen_provider, emit._logs.get_logger_provider = chosen, global_provider

        (event,) = exporter.get_finished_spans()[0].events
        self.assertEqual(event.name, "signalbox.task.added")
        self.assertEqual(json.dumps(dict(event.attributes or {})), '{"signalbox.task.text": "write"}')


if __name__ == "__main__":
    unittest.main()
