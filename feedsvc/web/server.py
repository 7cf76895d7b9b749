"""How does the web process serve: a socket of its own, granian's core, one thread for feeds, a few for pages?

Granian's Rust core speaks HTTP; it hands each request to ``Desk.receive`` on one Python thread, where a
finished feed takes microseconds. All that may wait (Flask pages, bodies not in memory) goes to a pool. Why
this and not granian's own WSGI wrapper: docs/decisions/0003-server.md.
"""

import asyncio
import gc
import importlib
import os
import queue
import signal
import socket
import sys
import threading
import uuid
from collections.abc import Callable
from typing import Any, Final, Protocol, TypeAlias

from granian.http import HTTP1Settings

from feedsvc.addresses import show_url
from feedsvc.errors import FeedsvcError, StoreError
from feedsvc.services import Services
from feedsvc.telemetry import logger
from feedsvc.web import Front, WsgiApp, create_app, front_of
from feedsvc.web.fastpath import Answer, FastPath

BACKLOG: Final = 1024
CONNECTIONS: Final = 4096  # open at the same time; more wait in the backlog
LARGEST_HEAD: Final = 32 * 1024  # bytes of request line and headers together
SLOWEST_HEAD: Final = 30_000  # milliseconds; also how long a connection may idle
WAITING: Final = 128  # requests for pages that may wait for a thread; more are told to come back
BODY_THREADS: Final = 4  # for requests that bring a body: who sends it slowly holds up no page
SWITCH_EVERY: Final = (
    0.0005  # seconds; while pages were made, feeds came twice as fast as with Python's 0.005
)
STOP_WITHIN: Final = 1.0  # seconds for answers under way when we are told to stop
REPORT_EVERY: Final = 10  # looks at the store between two signs of life

_BUSY: Final[Answer] = (
    503,
    [("Retry-After", "2"), ("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")],
    b"Too many requests at once. Try again in a few seconds.\n",
)
_BROKEN: Final[Answer] = (
    500,
    [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")],
    b"Something went wrong here. It has been logged.\n",
)


class Reply(Protocol):
    """Granian's end of one request; any thread may answer, once."""

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None: ...


def run(
    services: Services,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    threads: int = 8,
    stop: threading.Event | None = None,
) -> None:
    """Serve until SIGINT, SIGTERM or ``stop``; call it in the main thread. ``threads`` are for pages.

    :raises FeedsvcError: if the address cannot be listened on.
    """
    listening = listen(host, port)
    sys.setswitchinterval(SWITCH_EVERY)
    stop = stop or threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    front = front_of(create_app(services))
    follower = Follower(services, front.fast)
    follower.start()
    desk = Desk(front, threads=threads)
    gc.collect()
    gc.freeze()  # what is here now stays: no collection need look at it again
    logger().info("serving", address=address_of(listening))
    serve(listening, desk.receive, stop)
    follower.stop()


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, alone on its address: a second process is refused, not given half the requests.

    :raises FeedsvcError: saying what is in the way.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        opened = socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except (OSError, OverflowError) as error:
        raise FeedsvcError(
            f"cannot listen on {host} port {port}: {error}. Is feedsvc running already? "
            "Another address: --bind HOST:PORT, or FEEDSVC_PORT"
        ) from error
    # Accepted connections inherit it; without, the last packet of an answer may wait for 40 ms.
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return opened


def address_of(listening: socket.socket) -> str:
    """``http://127.0.0.1:8000/``"""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def serve(
    listening: socket.socket, receive: Callable[[Reply, dict[str, Any]], None], stop: threading.Event
) -> None:
    """Hand each request to ``receive`` until ``stop``; then let answers under way finish for a moment."""
    # The one place that reaches under granian's command line; its type stubs describe an older signature.
    core = importlib.import_module("granian._granian")
    loop = asyncio.new_event_loop()  # asked for, and not used by its WSGI side
    worker = core.WSGIWorker(
        1,
        (None, _holder(core, listening)),
        None,
        threads=1,
        blocking_threads=1,
        py_threads=1,  # more would take the interpreter lock from each other, a quarter of the requests
        backpressure=CONNECTIONS,
        http_mode="1",
        http1_opts=HTTP1Settings(header_read_timeout=SLOWEST_HEAD, max_buffer_size=LARGEST_HEAD),
    )
    signal_to_core, stopped = core.WorkerSignal(), threading.Event()
    signal_to_core.add_cb(stopped.set)
    worker.serve_mtr(core.CallbackScheduler(loop, receive, None, None, None), loop, signal_to_core)
    stop.wait()
    signal_to_core.set()
    if not stopped.wait(STOP_WITHIN):
        # Browsers open connections ahead of need; granian waits for the first request on each.
        logger().info("stopping with connections open", after=STOP_WITHIN)
    loop.close()


def _holder(core: Any, listening: socket.socket) -> Any:
    """Granian's view of our socket; it owns the descriptor from here on."""
    backlog = (BACKLOG,) if sys.platform.startswith(("linux", "freebsd")) else ()
    return core.SocketHolder(listening.detach(), False, *backlog)


_Waiting: TypeAlias = queue.Queue[tuple[Reply, dict[str, Any]]]


class Desk:
    """Takes every request: feeds in memory are answered on the spot, the rest by bounded pools."""

    def __init__(self, front: Front, *, threads: int) -> None:
        self._fast = front.fast
        self._pages = front.pages
        self._waiting = self._pool("pages", threads)
        self._bringing = self._pool("bodies", BODY_THREADS)

    def _pool(self, name: str, threads: int) -> _Waiting:
        waiting: _Waiting = queue.Queue(WAITING)
        for number in range(threads):
            # Daemons, so that a page that hangs on its database cannot hold up the end of the process.
            threading.Thread(target=self._work, args=(waiting,), name=f"{name}-{number}", daemon=True).start()
        return waiting

    def receive(self, reply: Reply, environ: dict[str, Any]) -> None:
        """Called on granian's one Python thread: must not wait."""
        try:
            answer = self._fast.quick(environ)
            if answer is None:
                (self._bringing if _has_body(environ) else self._waiting).put_nowait((reply, environ))
                return
        except queue.Full:
            answer = _BUSY
        except Exception:  # noqa: BLE001 - the edge of the process: a bug must cost one request, not all
            logger().exception("request failed", path=show_url(environ["PATH_INFO"]))
            answer = _BROKEN
        reply.response_bytes(*answer)

    def _work(self, waiting: _Waiting) -> None:
        while True:
            reply, environ = waiting.get()
            body = environ["wsgi.input"] = _Body(environ["wsgi.input"])
            try:
                answer = self._fast.answer(environ) or call(self._pages, environ)
            except Exception:  # noqa: BLE001 - likewise; the thread has to live on
                logger().exception("request failed", path=show_url(environ["PATH_INFO"]))
                answer = _BROKEN
            body.leave()
            reply.response_bytes(*answer)


class _Body:
    """What a request brings (PEP 3333), until it is answered.

    Granian waits for the rest of a body as long as something refers to it, and pages may for a while.
    """

    def __init__(self, arriving: Any) -> None:
        self._arriving = arriving

    def read(self, size: int | None = None) -> bytes:
        return bytes(self._arriving.read(size))

    def leave(self) -> None:
        self._arriving = None


def _has_body(environ: dict[str, Any]) -> bool:
    return "CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ


def call(app: WsgiApp, request: dict[str, Any]) -> Answer:
    """Run a WSGI application (PEP 3333) and collect its whole answer."""
    said: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], _error: Any = None) -> Callable[..., Any]:
        said[:] = [int(status.partition(" ")[0]), headers]
        return chunks.append

    chunks: list[bytes] = []
    result = app(_environ(request), start_response)
    try:
        chunks.extend(result)
    finally:
        if hasattr(result, "close"):
            result.close()
    status, headers = said
    return status, headers, b"".join(chunks)


def _environ(request: dict[str, Any]) -> dict[str, Any]:
    return {
        "SCRIPT_NAME": "",
        "wsgi.version": (1, 0),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
        **request,
    }


class Follower:
    """Keeps the fast path up to date once a second, and tells the store that this process is alive."""

    def __init__(self, services: Services, fast: FastPath) -> None:
        self._services = services
        self._fast = fast
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="follower", daemon=True)
        self.name = f"web {socket.gethostname()} {os.getpid()} {uuid.uuid4().hex[:6]}"

    def start(self) -> None:
        """The first look is over when this returns, so that the first request finds the feeds."""
        self._fast.refresh()
        self._thread.start()

    def stop(self) -> None:
        """Sign off, unless the store makes us wait for it."""
        self._stopping.set()
        self._thread.join(0.5)

    def _follow(self) -> None:
        turn = 0
        while not self._stopping.wait(1.0):
            self._told(self._fast.refresh)
            if turn % REPORT_EVERY == 0:
                self._told(self._report)
            turn += 1
        self._told(lambda: self._services.store.leave(self.name))

    def _told(self, step: Callable[[], None]) -> None:
        """Whatever is wrong with the store, what is known goes on being served."""
        try:
            step()
        except StoreError as error:
            logger().warning("store not reached", error=str(error))
        except Exception:  # noqa: BLE001 - likewise
            logger().exception("following the store failed")

    def _report(self) -> None:
        number, _config = self._services.in_force.current()
        self._services.store.report(
            name=self.name, kind="web", revision=number, note="", now=self._services.clock()
        )
