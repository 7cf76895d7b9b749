"""Does a service come back when a part of it dies, and go when its supervisor does?"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.clients.conftest import free_port

MAIN = 'site: {title: Supervised, url: "https://feeds.example.org"}\ncategories: []\n'
pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs Linux's /proc")


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "feedsvc.yaml").write_text(MAIN)
    command = [sys.executable, "-m", "feedsvc", "--config", str(tmp_path / "config")]
    command += ["--db", f"sqlite:///{tmp_path}/feedsvc.db", "serve", "--port", str(free_port())]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=tmp_path, stdout=log, stderr=log)
    yield process
    left = children(process.pid)
    process.kill()
    process.wait()
    for pid in left:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def children(parent: int) -> dict[int, str]:
    """pid -> which of the two, of the living children of a process."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and alive(int(entry.name)):
            with contextlib.suppress(OSError):
                status = (entry / "stat").read_text().rpartition(")")[2].split()
                if int(status[1]) == parent:
                    words = (entry / "cmdline").read_bytes().split(b"\0")
                    found[int(entry.name)] = "web" if b"web" in words else "scheduler"
    return found


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(true: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.1)


def both(supervisor: subprocess.Popen[bytes]) -> dict[int, str]:
    wait_until(lambda: sorted(children(supervisor.pid).values()) == ["scheduler", "web"], 40)
    return children(supervisor.pid)


@pytest.mark.slow
def test_a_killed_child_is_started_again(supervisor: subprocess.Popen[bytes]) -> None:
    before = both(supervisor)
    (scheduler,) = [pid for pid, name in before.items() if name == "scheduler"]
    os.kill(scheduler, signal.SIGKILL)
    wait_until(lambda: scheduler not in children(supervisor.pid), 10)
    after = both(supervisor)
    assert len(before.keys() & after.keys()) == 1  # the web process was left alone


@pytest.mark.slow
def test_children_end_with_a_killed_supervisor(supervisor: subprocess.Popen[bytes]) -> None:
    left = both(supervisor)
    time.sleep(5)  # both have started up and watch
    supervisor.kill()
    supervisor.wait()
    wait_until(lambda: not any(alive(pid) for pid in left), 20)
