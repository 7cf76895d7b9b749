"""Is one Chromium started when it is needed, renewed, given up and ended with nothing left of it?"""

import contextlib
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request as Received
from werkzeug import Response

from feedsvc.errors import DeadlineExceeded, FetchError, Stopped
from feedsvc.fetch.browser import Limits
from feedsvc.model import Document, Request
from tests.fetch.browser.conftest import MakeDrawing, descendants, require_chromium, until

ROOT = Path(__file__).parents[3]


def serve(server: HTTPServer, path: str, html: str) -> Request:
    server.expect_request(path).respond_with_data(html, content_type="text/html")
    return Request(url=server.url_for(path), render="browser")


def chromiums() -> set[int]:
    """The main processes of Chromium that this process has started."""
    return {pid for pid in descendants(os.getpid()) if is_main(pid)}


def is_main(pid: int) -> bool:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return b"--remote-debugging-pipe" in command and b"--type=" not in command


def test_life_of_a_browser(make_drawing: MakeDrawing, httpserver: HTTPServer) -> None:
    before, others, known = descendants(os.getpid()), chromiums(), set(threading.enumerate())
    fetcher = make_drawing(browser=Limits(pages=2, idle=2))
    request = serve(httpserver, "/page", "<p>x")
    assert descendants(os.getpid()) <= before  # nothing runs before it is wanted

    fetcher.get(request)
    first = chromiums() - others
    assert len(first) == 1
    fetcher.get(request)
    assert chromiums() - others == first

    fetcher.get(request)  # the third page
    second = chromiums() - others
    assert len(second) == 1
    assert second != first

    until(lambda: descendants(os.getpid()) <= before)  # nobody wants it any more: its driver ends, too
    until(lambda: "fetch-proxy" not in new_threads(known))
    assert "fetch-browser" in new_threads(known)
    fetcher.close()
    assert not {"fetch-browser", "fetch-proxied"} & new_threads(known)


def new_threads(known: set[threading.Thread]) -> set[str]:
    return {thread.name for thread in set(threading.enumerate()) - known}


def test_browser_that_dies_under_a_page(make_drawing: MakeDrawing, httpserver: HTTPServer) -> None:
    """The page is drawn again by a new one, for it may have been another page that killed it."""
    others = chromiums()
    fetcher = make_drawing(browser=Limits(memory=400_000_000))

    def kill_the_first(_: Received) -> Response:
        if sum(request.path == "/page" for request, _ in httpserver.log) == 1:
            os.kill(*(chromiums() - others), signal.SIGKILL)
        return Response("")

    httpserver.expect_request("/script.js").respond_with_handler(kill_the_first)
    request = serve(httpserver, "/page", "<p>x</p><script src=/script.js></script>")
    document = fetcher.get(request)
    assert isinstance(document, Document)
    assert b"<p>x</p>" in document.body
    assert sum(asked.path == "/page" for asked, _ in httpserver.log) == 2

    # A page that takes all memory, however, is not tried again, and takes nothing with it.
    second = chromiums() - others
    hog = "<script>const all = []; while (all.length < 100) all.push(new Uint8Array(2e7).fill(1))</script>"
    with pytest.raises(FetchError, match="may take too much memory") as caught:
        fetcher.get(serve(httpserver, "/hog", hog))
    assert caught.value.kind == "browser"
    assert isinstance(fetcher.get(request), Document)
    assert chromiums() - others == second


def test_time_and_its_end(make_drawing: MakeDrawing, httpserver: HTTPServer) -> None:
    before = descendants(os.getpid())
    fetcher = make_drawing(timeout=timedelta(seconds=4), browser=Limits(at_once=1))
    easy = serve(httpserver, "/easy", "<p>x")

    def is_drawn() -> bool:
        """Chromium goes on starting, although nobody waits as long as it takes on a busy machine."""
        with contextlib.suppress(DeadlineExceeded):
            return isinstance(fetcher.get(easy), Document)
        return False

    until(is_drawn, seconds=60)
    httpserver.expect_request("/more").respond_with_data("x")
    script = "<script>setInterval(() => { fetch('/more'); document.body.append('more') }, 50)</script>"
    document = fetcher.get(serve(httpserver, "/restless", f"<p>there</p>{script}"))
    assert isinstance(document, Document)
    assert b"<p>there</p>" in document.body  # taken when half of the time was over

    endless = serve(httpserver, "/endless", "<p>there</p><script>while (true);</script>")
    with pytest.raises(DeadlineExceeded, match="not done within 4 s, was drawing the page"):
        fetcher.get(endless)
    httpserver.clear_log()
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(fetcher.get, endless) for _ in range(2)]  # one is drawn, one waits
        until(lambda: httpserver.log)
        begun = time.monotonic()
        fetcher.close()
        for one in both:
            with pytest.raises(Stopped):
                one.result()
    assert time.monotonic() - begun < 6
    until(lambda: descendants(os.getpid()) <= before, seconds=2)
    with pytest.raises(Stopped):
        fetcher.get(endless)


CHILD = """
    import ipaddress, sys
    from datetime import timedelta
    from feedsvc.fetch import Fetcher
    from feedsvc.model import Request
    fetcher = Fetcher(timeout=timedelta(seconds=30), max_bytes=10**6, user_agent="t/1",
                      allow=[ipaddress.ip_network("127.0.0.0/8")])
    fetcher.get(Request(url=sys.argv[1], render="browser"))
    print("drawn", flush=True)
    sys.stdin.read()
"""


def test_nothing_is_left_when_the_process_is_killed(httpserver: HTTPServer) -> None:
    require_chromium()
    url = serve(httpserver, "/page", "<p>x").url.replace("localhost", "127.0.0.1")
    command = [sys.executable, "-c", textwrap.dedent(CHILD), url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"drawn\n"
        below = descendants(child.pid)
        assert any(map(is_main, below))
        child.kill()
    until(lambda: not any(Path(f"/proc/{pid}/exe").exists() for pid in below))


def test_nothing_is_loaded_unasked() -> None:
    code = "import sys, feedsvc.fetch; sys.exit('playwright' in sys.modules or 'asyncio' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
