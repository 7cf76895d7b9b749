"""How do urllib3's connections go through the guard, and keep to the deadline of whoever uses them?

Only ``_new_conn``, the step that opens the socket, is replaced, so that Host header, SNI and certificate
check stay what urllib3 makes of the URL. Connections are kept alive and shared by threads, so what a
connection may do does not belong to it but to the ``Visit`` that uses it just now.
"""

import http.client
import socket
import ssl
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from feedsvc.errors import Unreachable
from feedsvc.fetch.deadline import Deadline
from feedsvc.fetch.guard import Guard, Target, connect, plain_host, refused_address
from feedsvc.fetch.names import Address, Resolver

# OpenSSL's X509_V_ERR_* numbers that people meet, in their words.
_CERTIFICATE_FAULTS = {
    9: "is not valid yet",
    10: "has expired",
    18: "is self-signed",
    19: "was issued by an authority that is not trusted here",
    20: "was issued by an authority that is not trusted here",
    21: "was issued by an authority that is not trusted here",
    23: "was revoked",
    62: "is for another host name",
    64: "is for another address",
}


@dataclass(slots=True, kw_only=True)
class Visit:
    """One request on its way: what it may connect to and how long it may take.

    ``own`` is the configured source's own host and port, which alone ``fetch.allow`` serves. ``fresh`` asks
    for a new connection; ``reused`` tells afterwards that an old one served.
    """

    guard: Guard
    resolver: Resolver
    deadline: Deadline
    own: Target | None
    fresh: bool = False
    reused: bool = False
    opened: bool = False


class StrictResponse(http.client.HTTPResponse):
    """Refuses a chunk of negative size, which means "all there is" to the file below: no bound would hold."""

    def _safe_read(self, amt: int) -> bytes:
        if amt < 0:
            raise http.client.IncompleteRead(b"")
        return super()._safe_read(amt)  # type: ignore[misc, no-any-return] # not public, but used by urllib3


# Set around each request. Unset, a connection fails: there is none without a guard and a deadline.
VISIT: ContextVar[Visit] = ContextVar("visit")


class GuardedConnection(HTTPConnection):
    """An http connection that knows the address (``peer``) it leads to."""

    response_class = StrictResponse
    peer: Address | None = None

    def _new_conn(self) -> socket.socket:
        return _open(self)

    def request(self, *args: Any, **kwargs: Any) -> None:
        _prepare(self)
        super().request(*args, **kwargs)


class GuardedTlsConnection(HTTPSConnection):
    """An https connection that knows the address (``peer``) it leads to."""

    response_class = StrictResponse
    peer: Address | None = None

    def _new_conn(self) -> socket.socket:
        return _open(self)

    def connect(self) -> None:
        try:
            super().connect()
        except (ssl.SSLError, urllib3.exceptions.SSLError, OSError) as error:
            VISIT.get().deadline.check()
            raise tls_failure(self.host, error, VISIT.get().deadline.url) from error
        VISIT.get().deadline.step = "waiting for the answer"

    def request(self, *args: Any, **kwargs: Any) -> None:
        _prepare(self)
        super().request(*args, **kwargs)


def _open(connection: GuardedConnection | GuardedTlsConnection) -> socket.socket:
    visit = VISIT.get()
    # urllib3 keeps the final dot of a name here, which tells the DNS not to try search domains.
    host, port = connection._dns_host, connection.port
    sock, connection.peer = connect(
        host,
        port,
        guard=visit.guard,
        exempt=_is_own(visit, host, port),
        resolver=visit.resolver,
        deadline=visit.deadline,
    )
    visit.opened = True
    secure = isinstance(connection, HTTPSConnection)
    visit.deadline.step = f"agreeing on TLS with {host}" if secure else "waiting for the answer"
    try:
        # The watchdog always comes first; this is for the case that it died.
        sock.settimeout(visit.deadline.seconds + 1)
        visit.deadline.watch(sock)
    except BaseException:
        sock.close()
        raise
    return sock


def _prepare(connection: GuardedConnection | GuardedTlsConnection) -> None:
    """Before each request: judge a kept connection anew, for it may have been opened with other rights."""
    visit = VISIT.get()
    if connection.sock is None or visit.opened:
        return
    if visit.fresh or connection.peer is None:
        connection.close()
        return
    exempt = _is_own(visit, connection.host, connection.port)
    refused = visit.guard.refusal(connection.peer, exempt=exempt)
    if refused is not None:
        url = visit.deadline.url
        raise refused_address(url, connection.host, connection.peer, refused, exempt=exempt)
    visit.reused = True
    visit.deadline.step = "waiting for the answer"
    visit.deadline.watch(connection.sock)


def _is_own(visit: Visit, host: str, port: int) -> bool:
    return visit.own is not None and (visit.own.host, visit.own.port) == (plain_host(host), port)


def tls_failure(host: str, error: Exception, url: str) -> Unreachable:
    """Why there is no secure connection to ``host``. ``url`` is one that may be shown."""
    if isinstance(error, ssl.SSLCertVerificationError):
        fault = _CERTIFICATE_FAULTS.get(error.verify_code, f"cannot be trusted ({error.verify_message})")
        return Unreachable(url, f"TLS: the certificate of {host} {fault}.", kind="tls")
    reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or "the connection broke"
    detail = str(reason).lower().replace("_", " ")
    return Unreachable(url, f"TLS: no secure connection to {host} could be agreed on ({detail}).", kind="tls")


class GuardedPool(HTTPConnectionPool):
    ConnectionCls = GuardedConnection

    def _put_conn(self, conn: Any) -> None:
        _let_go()
        super()._put_conn(conn)


class GuardedTlsPool(HTTPSConnectionPool):
    ConnectionCls = GuardedTlsConnection

    def _put_conn(self, conn: Any) -> None:
        _let_go()
        super()._put_conn(conn)


def _let_go() -> None:
    """Before a connection goes back: another thread may use it at once, our deadline must not cut it then."""
    visit = VISIT.get(None)
    if visit is not None:
        visit.deadline.release()


POOLS = {"http": GuardedPool, "https": GuardedTlsPool}
