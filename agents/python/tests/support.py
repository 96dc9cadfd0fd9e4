"""What the tests share: the collector ``run.mjs`` started, and agents as processes."""

import json
import os
import pathlib
import subprocess
import sys
import time
import urllib.request
from typing import Any, Callable, Dict, List, NamedTuple

HTTP = os.environ["KIT_TEST_HTTP"]
REPOSITORY = pathlib.Path(os.environ["KIT_TEST_REPOSITORY"])
_HERE = pathlib.Path(__file__).parent


class Ended(NamedTuple):
    """How an agent process ended."""

    code: int
    stdout: str
    stderr: str
    took: float


def events_of(trace_id: str) -> List[Dict[str, Any]]:
    """Events of one trace as readers get them."""
    request = urllib.request.Request(
        f"{os.environ['KIT_TEST_API']}/api/events?run={trace_id}&limit=1000&order=oldest",
        headers={"authorization": f"Bearer {os.environ['KIT_TEST_READ_KEY']}"},
    )
    with urllib.request.urlopen(request) as answer:
        return list(json.load(answer)["events"])


def log_rows(trace_id: str) -> List[Dict[str, Any]]:
    """Log records of one trace as they stand in the database."""
    command = [
        str(REPOSITORY / "node_modules" / ".bin" / "node"),
        str(_HERE / "log-rows.mjs"),
        str(REPOSITORY / "collector" / "package.json"),
        os.environ["KIT_TEST_DATABASE"],
        trace_id,
    ]
    return list(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def eventually(read: Callable[[], Any], good: Callable[[Any], bool], limit: float = 8) -> Any:
    """Asks until ``good`` holds, for at most ``limit`` seconds; answers the last reading."""
    deadline = time.monotonic() + limit
    while True:
        value = read()
        if good(value) or time.monotonic() > deadline:
            return value
        time.sleep(0.05)


def run_agent(name: str, environment: Dict[str, str]) -> Ended:
    """Runs one of ``agents/*.py`` as a process of its own."""
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, str(_HERE / "agents" / f"{name}.py")],
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=40,
    )
    return Ended(done.returncode, done.stdout, done.stderr, time.monotonic() - started)
