"""What the control does when the link, the agent or the collector is not there."""

import json
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import unittest
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Dict, List

from signalbox_kit import connect_control
from steering import LINK, BreakableLink, Person, new_run, run_id_of
from support import HTTP, events_of, eventually, run_agent

COMMANDS, KILLS = (200, 20) if os.environ.get("KIT_TEST_FULL") == "1" else (20, 4)


def start_agent(name: str, environment: Dict[str, str]) -> "subprocess.Popen[str]":
    """One of ``agents/*.py``, to be killed or waited for."""
    script = Path(__file__).parent / "agents" / f"{name}.py"
    env = {"PATH": os.environ["PATH"], "SIGNALBOX_AGENT_URL": LINK, **environment}
    return subprocess.Popen([sys.executable, str(script)], env=env, stdout=subprocess.PIPE, text=True)


class Link(unittest.TestCase):
    """Broken in the middle of things."""

    def setUp(self) -> None:
        self.person = Person()
        self.link = BreakableLink()
        self.addCleanup(self.link.close)
        self.control = connect_control(url=self.link.url, agent_id=f"broken-{uuid.uuid4()}")
        self.addCleanup(self.control.close)
        pool = ThreadPoolExecutor(10)
        self.addCleanup(pool.shutdown)
        self.submit = pool.submit

    def test_cut_while_the_agent_waits_brings_the_decision_when_it_is_back(self) -> None:
        trace_id, _ = new_run()
        answer = self.submit(self.control.approve, "publish", {"copies": 2}, trace_id=trace_id)
        approval = self.person.pending(trace_id)

        self.link.cut()
        self.assertFalse(eventually(lambda: self.control.is_connected, lambda connected: not connected))
        command = self.person.decide(approval, "approve")
        self.link.mend()

        self.assertEqual(answer.result(15).decision, "approve")
        self.person.settled(command, "effective")

    def test_killed_again_and_again_carries_out_each_command_once(self) -> None:
        trace_id, _ = new_run()
        self.control.run_started(trace_id)
        self.person.knows(trace_id)
        applied: List[str] = []
        commands: List[str] = []

        def look() -> List[str]:
            applied.extend(task.id for task in self.control.checkpoint(trace_id).tasks)
            return applied

        for kill in range(KILLS):
            texts = [f"task {kill}.{at}" for at in range(COMMANDS // KILLS)]
            some = [self.submit(self.person.add_task, trace_id, text) for text in texts]
            # Cut at another place each time: before, between and after what the orders cause.
            if kill % 3:
                some[kill % len(some)].result(8)
            self.link.kill()
            commands += [each.result(8)["id"] for each in some]
            look()
        eventually(look, lambda found: len(found) >= COMMANDS, 20)

        def states() -> Any:
            look()
            tasks = self.person.get(f"/runs/{run_id_of(trace_id)}/control")["tasks"]
            return {task["state"] for task in tasks}

        self.assertEqual(eventually(states, lambda found: found == {"effective"}), {"effective"})
        self.assertEqual(sorted(applied), sorted(commands))

    def test_taken_over_by_another_process_with_the_same_id_takes_a_name_of_its_own(self) -> None:
        agent_id = f"shared-{uuid.uuid4()}"
        first = connect_control(url=LINK, agent_id=agent_id)
        self.addCleanup(first.close)
        eventually(lambda: first.is_connected, bool)
        second = connect_control(url=LINK, agent_id=agent_id)
        self.addCleanup(second.close)

        parted = lambda: first.is_connected and second.is_connected and first.agent_id != agent_id  # noqa: E731
        self.assertTrue(eventually(parted, bool))

        self.assertEqual((first.agent_id, second.agent_id), (f"{agent_id}#{os.getpid()}", agent_id))

    @unittest.skipUnless(hasattr(os, "fork"), "there is no fork here")
    def test_a_forked_child_has_a_link_of_its_own(self) -> None:
        trace_id, _ = new_run()
        eventually(lambda: self.control.is_connected, bool)

        def ask() -> None:
            approval = self.control.approve("publish", {}, trace_id=trace_id, timeout=20)
            os._exit(7 if approval.approved else 1)

        child = multiprocessing.get_context("fork").Process(target=ask)
        child.start()
        self.person.decide(self.person.pending(trace_id), "approve")
        child.join(20)

        self.assertEqual(child.exitcode, 7)
        self.assertTrue(self.control.is_connected)


class Agent(unittest.TestCase):
    """As a process."""

    def setUp(self) -> None:
        self.person = Person()

    def test_killed_while_it_waits_finds_its_decision_when_it_is_back(self) -> None:
        trace_id, _ = new_run()
        env = {"TRACE_ID": trace_id, "APPROVAL_ID": f"a-{trace_id}", "SIGNALBOX_AGENT_ID": f"mortal-{trace_id}"}
        first = start_agent("asking", env)
        approval = self.person.pending(trace_id)
        first.send_signal(signal.SIGKILL)
        first.communicate()

        command = self.person.decide(approval, "approve", reason="while you were away")
        answer = json.loads(start_agent("asking", env).communicate(timeout=20)[0])

        self.assertEqual((answer["decision"], answer["reason"]), ("approve", "while you were away"))
        self.person.settled(command, "effective")

    def test_that_never_asks_again_refuses_the_decision(self) -> None:
        trace_id, _ = new_run()
        agent_id = f"forgetful-{trace_id}"
        first = start_agent("asking", {"TRACE_ID": trace_id, "APPROVAL_ID": "f", "SIGNALBOX_AGENT_ID": agent_id})
        approval = self.person.pending(trace_id)
        first.send_signal(signal.SIGKILL)
        first.communicate()
        command = self.person.decide(approval, "approve")

        control = connect_control(url=LINK, agent_id=agent_id, claim_within=0.1)
        self.addCleanup(control.close)

        self.assertEqual(self.person.settled(command, "refused")["problem"], "this agent does not ask for it")

    def test_set_up_in_one_call_shows_its_run_and_its_request_once(self) -> None:
        env = {"OTEL_EXPORTER_OTLP_ENDPOINT": HTTP, "SIGNALBOX_AGENT_ID": f"controlled-{uuid.uuid4()}"}
        agent = start_agent("controlled", env)
        assert agent.stdout is not None
        trace_id = agent.stdout.read(32)
        approval = self.person.pending(trace_id)
        path = f"/approvals?run={run_id_of(trace_id)}"
        joined = lambda found: all(each["eventId"] is not None for each in found)  # noqa: E731
        approvals = eventually(lambda: self.person.get(path)["approvals"], joined)

        self.person.decide(approval, "approve")

        self.assertEqual(agent.communicate(timeout=20)[0], " approve")
        self.assertEqual([each["id"] for each in approvals], [approval["id"]])
        self.assertIsNotNone(approvals[0]["eventId"])
        kinds = eventually(
            lambda: {event["type"] for event in events_of(trace_id)}, lambda found: "agent_completed" in found
        )
        self.assertLessEqual({"approval_request", "approval_decision", "agent_completed"}, kinds)

    def test_without_a_collector_gets_a_no_in_time_and_ends_said_once(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            nowhere = f"ws://127.0.0.1:{probe.getsockname()[1]}"

        ended = run_agent("absent", {"SIGNALBOX_AGENT_URL": nowhere})

        self.assertEqual((ended.code, ended.stdout), (0, "expired False [] False"))
        self.assertEqual(len(ended.stderr.strip().splitlines()), 1, ended.stderr)
        self.assertRegex(ended.stderr, "refused")

    def test_whose_key_is_refused_is_told_so_once_and_gets_in_with_the_key(self) -> None:
        guarded = os.environ["KIT_TEST_GUARDED"]
        refused = run_agent("absent", {"SIGNALBOX_AGENT_URL": guarded, "SIGNALBOX_AGENT_KEY": "not-the-key"})

        self.assertEqual(refused.code, 0)
        self.assertEqual(len(refused.stderr.strip().splitlines()), 1, refused.stderr)
        self.assertRegex(refused.stderr, "it answered 401; set SIGNALBOX_AGENT_KEY")

        control = connect_control(url=guarded, headers={"X-Api-Key": os.environ["KIT_TEST_INGEST_KEY"]})
        self.addCleanup(control.close)
        self.assertTrue(eventually(lambda: control.is_connected, bool))


if __name__ == "__main__":
    unittest.main()
