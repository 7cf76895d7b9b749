"""What do real feed readers meet? A whole running service, and a recorder between them and it."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

CONFIG = """
site: {{title: Client tests, url: "{address}", callbacks: [127.0.0.1]}}
fetch: {{allow: [127.0.0.0/8]}}
defaults: {{limit: 100}}
categories:
  - {{id: notes, title: "Notes & more", description: "All that is noted."}}
  - {{id: latest, title: Latest notes, limit: 10}}
  - {{id: board, title: The board, access: token}}
sources:
  - {{id: notes, type: folder, path: notes, categories: [notes, latest], every: 1s}}
  - {{id: board, type: folder, path: board, categories: [board], every: 1s}}
"""
ARTICLES = 30
PAPERS = 3  # of the board, which is private
PASS_ON = (
    *("Accept", "Accept-Encoding", "If-None-Match", "If-Modified-Since", "User-Agent", "A-IM"),
    "Authorization",
)


def require(program: str) -> str:
    """The path of a program that only the machine can give; without it skip, but never in CI."""
    found = shutil.which(program)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(f"{program} is not installed, and CI must have it")
        pytest.skip(f"{program} is not installed")
    return found


@dataclass
class Service:
    """A running ``feedsvc serve``; clients reach it at ``address``, through the recorder."""

    address: str
    notes: Path
    port: int = 0  # of the service itself
    command: tuple[str, ...] = ()  # of its command line, with its config and database
    answers: list[tuple[str, int]] = field(default_factory=list)  # (path, status) of each

    def note(self, number: int, text: str = "") -> None:
        (self.notes / f"{number:03}.md").write_text(
            f"---\ntitle: Note <{number}> & more\ndate: 2026-01-{number % 28 + 1:02} 08:00\n"
            f"author: Ann Author\ntags: [one, two]\nlink: https://notes.example/{number}\n---\n"
            f"{text or f'The *text* of {number}.'}\n"
        )

    def token(self) -> str:
        """A new one, for the board."""
        command = [*self.command, "token", "create", "ann", "--feed", "c/board"]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[0]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def recorder(service: Service, port: int) -> ThreadingHTTPServer:
    """Passes each GET on to the service and notes what it answered."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            headers = {name: self.headers[name] for name in PASS_ON if name in self.headers}
            connection.request("GET", self.path, headers=headers)
            answer = connection.getresponse()
            body = answer.read()
            connection.close()
            service.answers.append((self.path, answer.status))
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in {"date", "server", "connection", "transfer-encoding"}:
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Tests are quiet."""

    return ThreadingHTTPServer(("127.0.0.1", 0), Handler)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    port = free_port()
    made = Service(address="", notes=tmp_path / "config" / "notes", port=port)
    made.notes.mkdir(parents=True)
    front = recorder(made, port)
    made.address = f"http://127.0.0.1:{front.server_port}"
    for number in range(ARTICLES):
        made.note(number)
    board = tmp_path / "config" / "board"
    board.mkdir()
    for number in range(PAPERS):
        (board / f"{number}.md").write_text(f"---\ntitle: Paper {number}\n---\nFor members.\n")
    (tmp_path / "config" / "feedsvc.yaml").write_text(CONFIG.format(address=made.address))
    threading.Thread(target=front.serve_forever, daemon=True).start()
    made.command = (
        *(sys.executable, "-m", "feedsvc", "--config", str(tmp_path / "config")),
        *("--db", f"sqlite:///{tmp_path}/feedsvc.db"),
    )
    serve = [*made.command, "serve", "--port", str(port)]
    with (tmp_path / "serve.log").open("wb") as log:
        process = subprocess.Popen(serve, stderr=log, stdout=log, cwd=tmp_path)
    try:
        wait_for(port, "/c/notes.json", f'"Note <{ARTICLES - 1}>')
        made.answers.clear()
        yield made
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(10)
        front.shutdown()
        front.server_close()


def wait_for(port: int, path: str, text: str, seconds: float = 60) -> None:
    """Until the service shows a text at an address."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", path)
            if text in connection.getresponse().read().decode():
                return
        except OSError:
            pass  # it is still starting
        finally:
            connection.close()
        time.sleep(0.2)
    raise AssertionError(f"{path} never showed {text!r}")
