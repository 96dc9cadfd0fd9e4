"""Approvals, stops and tasks with a real collector."""

import asyncio
import os
import threading
import time
import unittest
import uuid
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Dict, List, Tuple

from opentelemetry import context as contexts

from signalbox_kit import AddedTask, Approval, PlanProposal, StoppedError, connect_control
from steering import LINK, Person, new_run, percentile, run_id_of
from support import eventually

FULL = os.environ.get("KIT_TEST_FULL") == "1"
STOPS = 50 if FULL else 5
ARGS = {"path": "reports/a.md", "copies": 2}
EVERY = ["approve", "reject", "edit", "respond"]


class Steered(unittest.TestCase):
    """One agent, and one person."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.person = Person()
        cls.control = connect_control(url=LINK, agent_id=f"steered-{uuid.uuid4()}", workflow="tests")
        cls.pool = ThreadPoolExecutor(4)

    @classmethod
    def tearDownClass(cls) -> None:
        cls.control.close()
        cls.pool.shutdown()

    def ask(self, **terms: Any) -> "Tuple[str, Future[Approval], Dict[str, Any]]":
        """Asks in a run of its own; answers what people see, and the answer to come."""
        trace_id, context = new_run()

        def approve() -> Approval:
            contexts.attach(context)
            return self.control.approve("publish", ARGS, **{"allowed_decisions": EVERY, "risk": "high", **terms})

        answer = self.pool.submit(approve)
        return trace_id, answer, self.person.pending(trace_id)

    def run_known(self) -> str:
        """A run the collector knows."""
        trace_id, _ = new_run()
        self.control.run_started(trace_id)
        self.person.knows(trace_id)
        return trace_id


class Approve(Steered):
    """What ``approve`` returns."""

    def test_put_off(self) -> None:
        deadline = time.monotonic() + 1
        _, answer, approval = self.ask(timeout=1, affects="the site", reversible=True)

        extension = self.person.post(f"/approvals/{approval['id']}/extend")
        history = self.person.settled(extension, "effective")["history"]
        eventually(time.monotonic, lambda now: now > deadline)
        self.person.decide(approval, "approve")

        self.assertRegex(history[-1]["evidence"], r"^the agent waits \d+ s more$")
        self.assertEqual(answer.result(10).decision, "approve")
        shown = self.person.get(f"/approvals/{approval['id']}")
        self.assertEqual([shown["affects"], shown["reversible"]], ["the site", True])

    def test_approved(self) -> None:
        _, answer, approval = self.ask(id="a-approved", reason="ready")

        command = self.person.decide(approval, "approve", reason="go on")

        expected = Approval("a-approved", "approve", True, ARGS, None, "go on", "admin")
        self.assertEqual(answer.result(8), expected)
        history = self.person.settled(command, "effective")["history"]
        self.assertEqual(history[-1]["evidence"], "approve() returned approve to the agent")

    def test_edited(self) -> None:
        _, answer, approval = self.ask()

        self.person.decide(approval, "edit", args={"path": "reports/b.md", "copies": 1})

        got = answer.result(8)
        self.assertEqual((got.decision, got.approved), ("edit", True))
        self.assertEqual(got.args, {"path": "reports/b.md", "copies": 1})

    def test_rejected_with_the_reason(self) -> None:
        _, answer, approval = self.ask()

        self.person.decide(approval, "reject", reason="not today")

        got = answer.result(8)
        self.assertEqual((got.decision, got.approved, got.reason), ("reject", False, "not today"))

    def test_answered_which_is_no_permission(self) -> None:
        _, answer, approval = self.ask(question="Which one?")

        self.person.decide(approval, "respond", answer="the green one")

        got = answer.result(8)
        self.assertEqual((got.decision, got.approved, got.answer), ("respond", False, "the green one"))

    def test_no_when_nobody_decides_in_time_and_the_collector_says_so(self) -> None:
        _, answer, approval = self.ask(timeout=0.4)

        got = answer.result(8)
        self.assertEqual((got.decision, got.approved), ("expired", False))
        self.assertRegex(got.reason or "", "[Nn]obody decided")
        self.assertIn(self.person.get(f"/approvals/{approval['id']}")["status"], ("expired", "withdrawn"))

    def test_withdrawn_when_the_agent_gives_up(self) -> None:
        _, answer, approval = self.ask(id="a-given-up")

        self.control.withdraw("a-given-up")

        self.assertEqual(answer.result(8).decision, "expired")
        self.assert_withdrawn(approval)

    def test_the_same_for_asyncio_and_its_cancellation(self) -> None:
        trace_id, _ = new_run()
        cancelled, _ = new_run()

        async def both() -> Approval:
            loop = asyncio.get_running_loop()
            waiting = asyncio.ensure_future(self.control.approve_async("publish", ARGS, trace_id=trace_id))
            gone = asyncio.ensure_future(self.control.approve_async("publish", ARGS, trace_id=cancelled))
            pending = await loop.run_in_executor(None, self.person.pending, trace_id)
            self.given_up = await loop.run_in_executor(None, self.person.pending, cancelled)
            gone.cancel()
            await loop.run_in_executor(None, self.person.decide, pending, "approve")
            return await asyncio.wait_for(waiting, 8)

        self.assertTrue(asyncio.run(both()).approved)
        self.assert_withdrawn(self.given_up)

    def test_twice_with_one_id_is_one_request(self) -> None:
        trace_id, answer, approval = self.ask(id="a-twice")
        second = self.pool.submit(self.control.approve, "publish", ARGS, id="a-twice", trace_id=trace_id)

        self.person.decide(approval, "approve")

        self.assertEqual([answer.result(8).decision, second.result(8).decision], ["approve", "approve"])
        self.assertTrue(self.control.approve("publish", ARGS, id="a-twice", trace_id=trace_id, timeout=8).approved)

    def test_what_the_collector_does_not_take_is_no_at_once(self) -> None:
        large = self.control.approve("publish", "x" * 1024 * 1024)
        nameless = self.control.approve("", {"when": time, "not": float("nan"), ("a", "b"): "\ud800"}, timeout=8)

        self.assertEqual((large.approved, large.reason), (False, "the arguments are larger than one request may be"))
        self.assertFalse(nameless.approved)
        self.assertRegex(nameless.reason or "", "action")

    def assert_withdrawn(self, approval: Dict[str, Any]) -> None:
        path = f"/approvals/{approval['id']}"
        status = eventually(lambda: self.person.get(path)["status"], lambda each: each != "pending")
        self.assertEqual(status, "withdrawn")


class Stop(Steered):
    """What a stop does."""

    def test_raises_at_the_next_checkpoint_within_half_a_second(self) -> None:
        took: List[float] = []
        for round in range(STOPS):
            trace_id = self.run_known()
            asked = time.monotonic()
            stop = self.pool.submit(self.person.stop, trace_id, reason="wrong folder")
            stopped = eventually_stopped(lambda: self.control.checkpoint(trace_id))
            took.append(time.monotonic() - asked)
            self.assertEqual((stopped.by, stopped.reason, stopped.trace_id), ("admin", "wrong folder", trace_id))
            command = stop.result(8)
            if round == 0:
                self.person.settled(command, "effective")
        median, p99 = percentile(took, 0.5) or 0, percentile(took, 0.99) or 9
        print(f"stop to checkpoint over {STOPS} stops: median {median * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms")
        self.assertLess(p99, 0.5 if FULL else 8)

    def test_sets_the_event_of_the_run_and_ends_what_it_asks(self) -> None:
        trace_id, answer, _ = self.ask()
        event = self.control.stop_event(trace_id)

        command = self.person.stop(trace_id)

        got = answer.result(8)
        self.assertEqual((got.decision, got.approved), ("expired", False))
        self.assertTrue(event.wait(8))
        evidence = self.person.settled(command, "effective")["history"][-1]["evidence"]
        self.assertEqual(evidence, "the stop event of the run was set")
        later = self.control.approve("publish", ARGS, trace_id=trace_id)
        self.assertRegex(later.reason or "", "stopped by admin")

    def test_calls_the_handlers_of_the_agent(self) -> None:
        trace_id = self.run_known()
        called = threading.Event()
        remove = self.control.on_stop(lambda stop: called.set() if stop.trace_id == trace_id else None)

        command = self.person.stop(trace_id)

        self.assertTrue(called.wait(8))
        self.person.settled(command, "effective")
        remove()

    def test_of_a_run_that_ended_is_refused(self) -> None:
        trace_id = self.run_known()
        self.control.run_ended(trace_id)

        problem = self.person.settled(self.person.stop(trace_id), "refused")["problem"]

        self.assertRegex(problem, "not, or no longer, known")


class Task(Steered):
    """What people add."""

    def test_comes_at_the_next_checkpoint_and_is_taken_on(self) -> None:
        trace_id = self.run_known()
        command = self.person.add_task(trace_id, "check the prices", note="twice", after="3")
        self.person.settled(command, "acked")

        tasks = self.control.checkpoint(trace_id).tasks

        self.assertEqual(tasks, [AddedTask(command["id"], "check the prices", "3", "twice")])
        evidence = self.person.settled(command, "effective")["history"][-1]["evidence"]
        self.assertEqual(evidence, "checkpoint() gave it to the agent")
        self.assertEqual(self.control.checkpoint(trace_id).tasks, [])
        self.assertFalse(self.control.refuse(command["id"], "too late"))

    def test_turned_down_is_refused_with_the_reason(self) -> None:
        trace_id = self.run_known()
        command = self.person.add_task(trace_id, "paint the house")
        self.person.settled(command, "acked")

        self.control.checkpoint(trace_id)

        self.assertTrue(self.control.refuse(command["id"], "not my trade"))
        self.assertEqual(self.person.settled(command, "refused")["problem"], "not my trade")

    def test_proposals_have_their_shape_and_an_ended_run_takes_no_tasks(self) -> None:
        trace_id = self.run_known()
        cancel = self.person.post(f"/runs/{run_id_of(trace_id)}/plan", change="cancel", items=["2"])
        self.person.settled(cancel, "acked")
        proposals = self.control.checkpoint(trace_id).proposals
        task = self.person.add_task(trace_id, "one more")
        self.person.settled(task, "acked")

        self.control.run_ended(trace_id)

        self.assertEqual(proposals, [PlanProposal(cancel["id"], "cancel", ["2"], "admin")])
        self.person.settled(cancel, "effective")
        self.assertEqual(self.person.settled(task, "refused")["problem"], "the run ended before it looked")


def eventually_stopped(look: Any) -> StoppedError:
    """The error ``look`` raises in the end."""
    deadline = time.monotonic() + 8
    while time.monotonic() < deadline:
        try:
            look()
        except StoppedError as stopped:
            return stopped
        time.sleep(0.002)
    raise AssertionError("the stop did not come")


if __name__ == "__main__":
    unittest.main()
