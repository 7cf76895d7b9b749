"""The lasting processes, for real: started, asked over HTTP, stopped."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from tests.cli.conftest import Project


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(project: Project, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "feedsvc", *arguments]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FEEDSVC_")}
    with (project.root / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=project.root, env=environment, stdout=log, stderr=log)
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.wait(20)


def get(address: str, *, within: float = 60) -> bytes:
    """The body, as soon as there is an answer with status 200."""
    until = time.monotonic() + within
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                return bytes(answer.read())
        except (OSError, urllib.error.HTTPError):
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def wait_for(words: bytes, address: str, *, within: float = 60) -> None:
    until = time.monotonic() + within
    while words not in get(address):
        assert time.monotonic() < until, f"{words!r} did not come"
        time.sleep(0.1)


def test_serve_collects_and_serves_and_stops(project: Project) -> None:
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with running(project, "serve", "--port", str(port)) as process:
        wait_for(b"Snow melts", f"{base}/c/world.atom")
        project.main.write_text(project.main.read_text().replace("title: World", "titel: World"))
        wait_for(b"config: invalid", f"{base}/healthz")
        assert b"Snow melts" in get(f"{base}/c/world.atom")
        project.main.write_text(project.main.read_text().replace("titel: World", "title: The World"))
        wait_for(b"The World", f"{base}/c/world.atom")
        second = project.run("serve", "--port", str(port))
        assert second.exit_code == 1
        assert "choose another with --port" in second.stderr
        started = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
        assert time.monotonic() - started < 5  # 3 s at most on a machine with nothing else to do
    assert b"Traceback" not in (project.root / "log").read_bytes()


def test_web_and_scheduler_apart(project: Project) -> None:
    """The web process may be first: it waits until a scheduler has published the config."""
    port = free_port()
    with running(project, "web", "--bind", f"127.0.0.1:{port}"):
        command = [sys.executable, "-m", "feedsvc", "-q", "scheduler"]
        scheduler = subprocess.Popen(command, cwd=project.root, stderr=subprocess.DEVNULL)
        try:
            wait_for(b"Snow melts", f"http://127.0.0.1:{port}/c/world.json")
        finally:
            scheduler.send_signal(signal.SIGTERM)
            assert scheduler.wait(20) == 0


def test_serve_with_an_invalid_config_and_no_earlier_one(project: Project) -> None:
    project.main.write_text("sit: {}\n")
    result = project.run("serve", "--port", str(free_port()))
    assert result.exit_code == 3
    assert "did you mean 'site'?" in result.stderr
