"""How does the newspaper run inside a process: at an address, until it is stopped?"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from werkzeug.serving import WSGIRequestHandler, make_server

from tests.site.app import create_app
from tests.site.paper import Paper


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """Nothing: ``Paper.hits`` counts."""


@contextmanager
def running(paper: Paper, port: int = 0) -> Iterator[str]:
    """The address at which it is printed. Raises OSError if the port is taken."""
    server = make_server("127.0.0.1", port, create_app(paper), threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
