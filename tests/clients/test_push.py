"""Is a subscriber that has nothing but HTTP told by the service as it really runs (WebSub)?"""

import queue
import threading
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.clients.conftest import Service


@pytest.mark.slow
def test_a_subscriber_is_asked_and_then_told(service: Service) -> None:
    heard: queue.Queue[tuple[str, dict[str, str], str]] = queue.Queue()

    class Callback(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            self._answer(asked["hub.challenge"].encode())
            heard.put(("asked", asked, ""))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer(b"")
            heard.put(("told", dict(self.headers), body))

        def _answer(self, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Tests are quiet."""

    subscriber = ThreadingHTTPServer(("127.0.0.1", 0), Callback)
    threading.Thread(target=subscriber.serve_forever, daemon=True).start()
    topic = f"{service.address}/c/notes.atom"
    form = {
        "hub.mode": "subscribe",
        "hub.topic": topic,
        "hub.callback": f"http://127.0.0.1:{subscriber.server_port}/",
    }
    try:
        # Not through the recorder, which passes on GET only.
        hub = f"http://127.0.0.1:{service.port}/hub"
        with urllib.request.urlopen(hub, urllib.parse.urlencode(form).encode(), timeout=10) as answer:
            assert answer.status == 202
        kind, asked, _ = heard.get(timeout=30)
        assert (kind, asked["hub.mode"], asked["hub.topic"]) == ("asked", "subscribe", topic)
        service.note(77, "What is new.")
        kind, headers, body = heard.get(timeout=30)
        assert kind == "told"
        assert headers["Content-Type"].startswith("application/atom+xml")
        assert "What is new." in body
        assert [path for path, _ in service.answers] == []  # nobody polled
    finally:
        subscriber.shutdown()
        subscriber.server_close()
