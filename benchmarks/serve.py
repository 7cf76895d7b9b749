"""How fast does the real ``feedsvc web`` serve a finished feed, against nginx serving the same bytes?

Both serve one feed of 50 full articles (about 147 KB, 40 KB gzipped) on 127.0.0.1: 304s, gzip and identity,
by wrk over 32 kept connections. Rounds take turns in rotated order; a ratio is that of one round, and the
median of all rounds counts. Needs wrk and nginx: ``python benchmarks/serve.py``.
"""

import argparse
import contextlib
import hashlib
import os
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path

from feedsvc.bootstrap import open_services, open_store
from feedsvc.config import Config
from feedsvc.model import (
    Article,
    Harvest,
    ItemKeys,
    NewArticle,
    NextCheck,
    Poll,
    Rendering,
    SafeHtml,
    Validators,
)
from feedsvc.publish import publish_due

BARS = {"304": 0.75, "gzip": 0.65, "identity": 0.90}
PATH = "/all.rss"
ARTICLES = 50
CHARACTERS = 2_380  # of an article's text, so that the feed has some 147 KB

NGINX = """
worker_processes 1; daemon off; pid {here}/nginx.pid; error_log {here}/nginx.log;
events {{ worker_connections 256; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; gzip_static on; gzip_vary on;
  client_body_temp_path {here}/tmp; proxy_temp_path {here}/tmp; fastcgi_temp_path {here}/tmp;
  uwsgi_temp_path {here}/tmp; scgi_temp_path {here}/tmp;
  types {{ application/rss+xml rss; }}
  server {{
    listen 127.0.0.1:{port}; root {here}/www;
    add_header Cache-Control "public, max-age=300, stale-while-revalidate=600, stale-if-error=86400";
    add_header Access-Control-Allow-Origin "*";
    add_header Access-Control-Expose-Headers "ETag, Link";
    add_header X-Content-Type-Options nosniff;
  }}
}}
"""


# ---- what is served ---------------------------------------------------------------------------------


def fill(database: Path) -> Rendering:
    """A database with one published feed of full articles."""
    store = open_store(f"sqlite:///{database}")
    sources = [{"id": "bench", "type": "feed", "url": "https://bench.example/feed", "categories": ["bench"]}]
    config = Config.model_validate(
        {
            "site": {"title": "Benchmark", "url": "https://feeds.example.org"},
            "categories": [{"id": "bench", "title": "Bench"}],
            "sources": sources,
        }
    )
    now = datetime.now(UTC) - timedelta(minutes=1)
    services = open_services(store, config, clock=lambda: now)
    assert store.claim("bench", now=now, lease="bench", lease_for=timedelta(minutes=1))
    harvest = Harvest(validators=Validators(), new=tuple(articles(now)))
    check = NextCheck(at=now + timedelta(hours=1), reason="benchmark")
    record = Poll(source_id="bench", started=now, outcome="ok", next_check=check)
    store.finish(lease="bench", record=record, harvest=harvest, now=now)
    publish_due(services)
    rendering = store.rendering("all", "rss")
    services.close()
    assert rendering is not None
    return rendering


def articles(now: datetime) -> Iterator[NewArticle]:
    """Prose of made-up words, as often as words are, so that it packs as prose does."""
    dice = random.Random(7)
    syllables = [a + b for a in "bdfgklmnprstvw" for b in ("a", "e", "i", "o", "u", "an", "er", "st")]
    words = ["".join(dice.choices(syllables, k=dice.choice((1, 2, 2, 3)))) for _ in range(600)]
    weights = [1 / (rank + 2) for rank in range(len(words))]
    for number in range(ARTICLES):
        text = " ".join(dice.choices(words, weights, k=CHARACTERS // 4))[:CHARACTERS]
        yield NewArticle(
            keys=ItemKeys(primary=f"guid:{number}", aliases=(), iri=None, item_hash=str(number)),
            ids=(f"tag:bench.example,2026:{number}",),
            article=Article(
                title=text[:60],
                link=f"https://bench.example/{number}",
                summary=SafeHtml(""),
                content=SafeHtml(
                    "".join(f"<p>{text[at : at + 420]}.</p>\n" for at in range(0, CHARACTERS, 420))
                ),
                published=now - timedelta(minutes=number),
                fingerprint=str(number),
            ),
        )


# ---- who serves it ----------------------------------------------------------------------------------


@dataclass
class Server:
    name: str
    process: subprocess.Popen[bytes]
    port: int
    tags: dict[str, str] = field(default_factory=dict)

    def cpu(self) -> float:
        """Seconds of CPU that it and its children have used."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        ticks = 0
        for one in (str(pid), *children):
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def ask(self, **headers: str) -> tuple[int, dict[str, str], bytes]:
        with contextlib.closing(HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            connection.request("GET", PATH, headers=headers)
            response = connection.getresponse()
            return response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()


@contextlib.contextmanager
def serving(name: str, command: list[str], port: int, environ: dict[str, str]) -> Iterator[Server]:
    process = subprocess.Popen(command, env=environ, stderr=subprocess.DEVNULL)
    server = Server(name, process, port)
    try:
        wait_for(server)
        yield server
    finally:
        process.terminate()
        process.wait(10)


def wait_for(server: Server) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until and server.process.poll() is None:
        with contextlib.suppress(OSError):
            server.ask()
            return
        time.sleep(0.1)
    sys.exit(f"{server.name} did not start")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def nginx(here: Path, rendering: Rendering) -> contextlib.AbstractContextManager[Server]:
    root = here / "www"
    root.mkdir()
    (root / PATH[1:]).write_bytes(rendering.bodies["identity"])
    (root / f"{PATH[1:]}.gz").write_bytes(rendering.bodies["gzip"])
    port = free_port()
    (here / "nginx.conf").write_text(NGINX.format(here=here, port=port))
    command = ["nginx", "-p", str(here), "-c", str(here / "nginx.conf")]
    return serving("nginx", command, port, dict(os.environ))


def feedsvc(database: Path) -> contextlib.AbstractContextManager[Server]:
    port = free_port()
    command = [sys.executable, "-m", "feedsvc", "web", "--bind", f"127.0.0.1:{port}"]
    environ = {**os.environ, "FEEDSVC_DATABASE_URL": f"sqlite:///{database}"}
    return serving("feedsvc", command, port, environ)


def check(server: Server, rendering: Rendering) -> None:
    """Both must serve what they are asked for, byte for byte, or the figures mean nothing."""
    for coding in ("identity", "gzip"):
        status, headers, body = server.ask(**{"Accept-Encoding": coding})
        assert status == 200, (server.name, coding, status)
        assert headers.get("content-encoding", "identity") == coding, (server.name, headers)
        assert hashlib.sha256(body).digest() == hashlib.sha256(rendering.bodies[coding]).digest()
        server.tags[coding] = headers["etag"]
    status, _headers, body = server.ask(**{"If-None-Match": server.tags["identity"]})
    assert (status, body) == (304, b""), (server.name, status)


# ---- how fast ---------------------------------------------------------------------------------------

CASES: dict[str, Callable[[Server], list[str]]] = {
    "304": lambda server: [f"If-None-Match: {server.tags['identity']}"],
    "gzip": lambda _server: ["Accept-Encoding: gzip"],
    "identity": lambda _server: [],
}


@dataclass(frozen=True)
class Figure:
    rate: float  # answers a second
    cpu: float  # microseconds of the server's CPU an answer


def measure(server: Server, case: str, *, seconds: int, connections: int) -> Figure:
    headers = [word for header in CASES[case](server) for word in ("-H", header)]
    address = f"http://127.0.0.1:{server.port}{PATH}"
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", *headers, address]
    before = server.cpu()
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 30).stdout
    used = server.cpu() - before
    wrong = re.search(r"(?m)^\s*(Non-2xx or 3xx responses|Socket errors).*$", said)
    assert wrong is None, (server.name, case, wrong)
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])  # type: ignore[index]
    count = int(re.search(r"(\d+) requests in", said)[1])  # type: ignore[index]
    return Figure(rate=rate, cpu=used / count * 1e6)


def compare(ours: Server, peer: Server, *, rounds: int, seconds: int, connections: int) -> bool:
    figures: dict[tuple[str, str], list[Figure]] = {}
    for turn in range(rounds):
        order = [ours, peer] if turn % 2 else [peer, ours]
        cases = list(CASES)[turn % 3 :] + list(CASES)[: turn % 3]
        for case in cases:
            for server in order:
                figure = measure(server, case, seconds=seconds, connections=connections)
                figures.setdefault((case, server.name), []).append(figure)
    good = [report(case, figures[case, ours.name], figures[case, peer.name]) for case in CASES]
    return all(good)


def report(case: str, ours: list[Figure], peer: list[Figure]) -> bool:
    ratios = [one.rate / other.rate for one, other in zip(ours, peer, strict=True)]
    ratio = statistics.median(ratios)
    verdict = "ok" if ratio >= BARS[case] else "MISSED"
    print(
        f"{case:9} {ratio:5.2f} of nginx ({min(ratios):.2f}-{max(ratios):.2f}; bar {BARS[case]}: {verdict})"
        f"   feedsvc {median(ours, 'rate'):7,.0f}/s {median(ours, 'cpu'):3.0f} us"
        f"   nginx {median(peer, 'rate'):7,.0f}/s {median(peer, 'cpu'):3.0f} us",
        flush=True,
    )
    return ratio >= BARS[case]


def median(figures: list[Figure], name: str) -> float:
    return float(statistics.median(getattr(one, name) for one in figures))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--connections", type=int, default=32)
    given = parser.parse_args()
    missing = [tool for tool in ("wrk", "nginx") if shutil.which(tool) is None]
    if missing:
        sys.exit(f"needs {' and '.join(missing)} (Debian packages of that name)")
    with tempfile.TemporaryDirectory(prefix="feedsvc-bench-") as name, contextlib.ExitStack() as stack:
        here = Path(name)
        here.chmod(0o755)  # nginx's worker may be another user
        rendering = fill(here / "bench.sqlite")
        sizes = {coding: len(body) for coding, body in rendering.bodies.items()}
        print(
            f"feed of {sizes['identity']:,} bytes, {sizes['gzip']:,} gzipped; load {os.getloadavg()[0]:.2f}"
        )
        ours = stack.enter_context(feedsvc(here / "bench.sqlite"))
        peer = stack.enter_context(nginx(here, rendering))
        for server in (ours, peer):
            check(server, rendering)
        good = compare(ours, peer, rounds=given.rounds, seconds=given.seconds, connections=given.connections)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
