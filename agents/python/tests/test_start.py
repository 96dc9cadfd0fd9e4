"""``start()`` in agents as processes of their own."""

import signal
import socket
import unittest

from support import HTTP, events_of, eventually, log_rows, run_agent

THERE = {"OTEL_EXPORTER_OTLP_ENDPOINT": HTTP, "OTEL_SERVICE_NAME": "python-kit-start"}


def nowhere() -> str:
    """An address where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


class Start(unittest.TestCase):
    """With and without a collector."""

    def test_everything_is_sent_before_an_agent_ends_by_itself(self) -> None:
        ended = run_agent("plain", THERE)

        self.assertEqual((ended.code, ended.stderr), (0, ""))
        rows = eventually(lambda: log_rows(ended.stdout), lambda found: len(found) == 1)
        self.assertEqual(rows[0]["event_name"], "signalbox.plan.set")
        read = lambda: [(event["type"], event["actor"]["name"]) for event in events_of(ended.stdout)]  # noqa: E731
        self.assertIn(("agent_completed", "plain"), eventually(read, lambda found: len(found) > 2))

    def test_a_registered_tracer_provider_is_joined(self) -> None:
        ended = run_agent("joined", THERE)

        self.assertEqual((ended.code, ended.stderr), (0, ""))
        trace_id, own_spans = ended.stdout.split()
        self.assertEqual(own_spans, "1")
        self.assertTrue(eventually(lambda: events_of(trace_id), lambda found: len(found) > 0))

    def test_starts_are_sent_on_sigterm_which_ends_the_process(self) -> None:
        ended = run_agent("waiting", THERE)

        self.assertEqual(ended.code, -signal.SIGTERM)
        read = lambda: [(event["type"], event["status"]) for event in events_of(ended.stdout)]  # noqa: E731
        self.assertEqual(eventually(read, lambda found: len(found) > 0), [("agent_started", "in_progress")])

    def test_without_a_collector_the_agent_works_on_warned_once(self) -> None:
        for agent in ("plain", "long"):
            with self.subTest(agent):
                ended = run_agent(agent, {"OTEL_EXPORTER_OTLP_ENDPOINT": nowhere()})

                self.assertEqual(ended.code, 0)
                lines = ended.stderr.strip().splitlines()
                self.assertLessEqual(len(lines), 1, ended.stderr)
                self.assertLess(ended.took, 15)

    def test_nothing_happens_when_the_sdk_is_disabled(self) -> None:
        ended = run_agent("plain", {**THERE, "OTEL_SDK_DISABLED": "true"})

        self.assertEqual((ended.code, ended.stdout), (0, "0" * 32))


if __name__ == "__main__":
    unittest.main()
