"""How is an http(s) address fetched: one request, redirects, connections kept alive, errors in one tree?

The only importer of requests. It is used one level below ``Session``, at the adapter: what a session adds
(cookies kept between requests, credentials and proxies from the environment, redirects that read bodies of
any size) is just what must not happen here.
"""

import contextlib
import ssl
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, NoReturn

import requests
import urllib3
from requests.adapters import DEFAULT_CA_BUNDLE_PATH, HTTPAdapter
from urllib3.util.ssl_ import create_urllib3_context

from feedsvc import model
from feedsvc.addresses import show_url, without_credentials
from feedsvc.errors import Unreachable
from feedsvc.fetch import answer, body
from feedsvc.fetch.connection import POOLS, VISIT, Visit
from feedsvc.fetch.deadline import Deadline, Watchdog
from feedsvc.fetch.guard import Guard, Target, target
from feedsvc.fetch.names import Resolver
from feedsvc.fetch.trip import Trip, location_of, set_out, turn

_REDIRECTS = (301, 302, 303, 307, 308)
_HOSTS_A_THREAD = 4


def tls_context(*, ca_file: str | None = None) -> ssl.SSLContext:
    """One context for every connection: requests would read its certificates anew for each (22 ms of CPU).

    Trusted are certifi's authorities, the system's and those of ``ca_file`` (PEM).
    """
    context = create_urllib3_context()
    context.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)
    context.load_default_certs()
    if ca_file is not None:
        context.load_verify_locations(ca_file)
    return context


class _Adapter(HTTPAdapter):
    """requests' adapter with guarded connections that all share one TLS context."""

    def __init__(self, *, tls: ssl.SSLContext, threads: int) -> None:
        self._tls = tls
        super().__init__(pool_connections=threads * _HOSTS_A_THREAD, pool_maxsize=threads)

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any
    ) -> None:
        super().init_poolmanager(connections, maxsize, block, ssl_context=self._tls, **pool_kwargs)
        self.poolmanager.pool_classes_by_scheme = POOLS

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        host, _ = super().build_connection_pool_key_attributes(request, True, None)
        return host, {"ssl_context": self._tls, "cert_reqs": "CERT_REQUIRED"}

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Nothing: the context knows the authorities, and there is no way to switch the check off."""


class Client:
    """Fetches http(s) addresses; shared by all threads. ``timeout`` in seconds covers a fetch whole."""

    def __init__(
        self,
        *,
        timeout: float,
        max_bytes: int,
        redirects: int,
        user_agent: str,
        threads: int,
        guard: Guard,
        resolver: Resolver,
        tls: ssl.SSLContext,
        clock: Callable[[], datetime],
    ) -> None:
        self._timeout = timeout
        self._max_bytes = max_bytes
        self._redirects = redirects
        self._user_agent = user_agent
        self._guard = guard
        self._resolver = resolver
        self._clock = clock
        self._watchdog = Watchdog()
        self._adapter = _Adapter(tls=tls, threads=threads)

    def get(
        self, request: model.Request, *, validators: model.Validators | None, configured: bool
    ) -> model.Document | model.NotModified:
        """The document at ``request.url``, or word that it is the one that ``validators`` tell of.

        Raises FetchError. ``configured`` says that the address is a source's own, which ``fetch.allow``
        serves.
        """
        deadline = self._watchdog.start(show_url(request.url), self._timeout)
        try:
            own = target(request.url.strip())
            trip = set_out(request, user_agent=self._user_agent, validators=validators)
            return self._travel(
                trip, own=own if configured else None, deadline=deadline, validators=validators
            )
        finally:
            deadline.finish()

    def close(self) -> None:
        """Cut short what is running, close what is kept alive."""
        self._watchdog.close()
        self._resolver.close()
        self._adapter.close()

    def _travel(
        self, trip: Trip, *, own: Target | None, deadline: Deadline, validators: model.Validators | None
    ) -> model.Document | model.NotModified:
        while True:
            prepared = _prepare(trip, deadline)
            visit = Visit(guard=self._guard, resolver=self._resolver, deadline=deadline, own=own)
            with self._answer(prepared, visit) as response:
                if response.status_code not in _REDIRECTS:
                    return self._outcome(trip, response, deadline, validators)
                if not trip.redirects:
                    raise _astray(deadline.url, "the server answered with one, and none is wanted here")
                self._redirect(trip, response, deadline)
            deadline.release()

    @contextlib.contextmanager
    def _answer(self, prepared: requests.PreparedRequest, visit: Visit) -> Iterator[requests.Response]:
        """The answer's head, its body not read yet; what of it stays unread closes the connection."""
        token = VISIT.set(visit)
        try:
            response = self._send(prepared, visit)
            try:
                yield response
            finally:
                response.close()
        finally:
            VISIT.reset(token)

    def _send(self, prepared: requests.PreparedRequest, visit: Visit) -> requests.Response:
        try:
            return self._send_once(prepared, visit)
        except Unreachable as error:
            if not (visit.reused and error.kind == "broken"):
                raise
        # The server closed a kept connection just when we used it again: that says nothing about the source.
        visit.fresh, visit.reused = True, False
        return self._send_once(prepared, visit)

    def _send_once(self, prepared: requests.PreparedRequest, visit: Visit) -> requests.Response:
        deadline = visit.deadline
        try:
            # The socket's own timeout only serves if the watchdog does not.
            return self._adapter.send(prepared, stream=True, timeout=deadline.seconds + 1)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            _explain(error, deadline)

    def _outcome(
        self,
        trip: Trip,
        response: requests.Response,
        deadline: Deadline,
        validators: model.Validators | None,
    ) -> model.Document | model.NotModified:
        headers = _headers_of(response)
        url, status, hops = without_credentials(trip.url), response.status_code, tuple(trip.hops)
        if status == 304 and validators is not None and answer.conditional_headers(validators):
            body.discard(response.raw, deadline=deadline)
            return answer.not_modified(url=url, headers=headers, known=validators, hops=hops)
        if not answer.has_document(status):
            beginning = body.beginning(response.raw, deadline=deadline)
            raise answer.bad_status(
                url=deadline.url, status=status, headers=headers, now=self._clock(), body=beginning
            )
        content = body.read(response.raw, max_bytes=self._max_bytes, deadline=deadline)
        return answer.document(
            url=url,
            status=status,
            headers=headers,
            body=content.data,
            wire_bytes=content.wire_bytes,
            hops=hops,
            known=validators,
        )

    def _redirect(self, trip: Trip, response: requests.Response, deadline: Deadline) -> None:
        """Turn ``trip`` to where the answer points. Raises Unreachable of kind "redirects"."""
        location = location_of(response.headers, base=trip.url)
        if location is None:
            raise _astray(
                deadline.url, f"the server answered {response.status_code} but names no new address"
            )
        if len(trip.hops) == self._redirects:
            most = f"more than {self._redirects} (fetch.redirects)"
            raise _astray(deadline.url, f"{most}, the last one to {show_url(location)}")
        for cookie in response.cookies:
            trip.cookies.set_cookie(cookie)
        body.discard(response.raw, deadline=deadline)
        turn(trip, status=response.status_code, location=location)


def _prepare(trip: Trip, deadline: Deadline) -> requests.PreparedRequest:
    """The request of this step. Raises FetchError for an address or header that cannot be sent."""
    target(trip.url)
    try:
        for value in trip.headers.values():
            value.encode("latin-1")
        method = "GET" if trip.body is None else "POST"
        prepared = requests.Request(
            method, trip.url, headers=trip.headers, data=trip.body, cookies=trip.cookies
        ).prepare()
    except (requests.RequestException, urllib3.exceptions.HTTPError, ValueError) as error:
        is_header = isinstance(error, (requests.exceptions.InvalidHeader, UnicodeEncodeError))
        what = "one of its headers" if is_header else "the address"
        raise Unreachable(deadline.url, f"Request not possible: {what} cannot be sent.") from error
    trip.url = prepared.url or trip.url
    step = (trip.url, prepared.headers.get("Cookie", ""))
    if step in trip.seen:
        raise _astray(deadline.url, f"they go round in a circle at {show_url(trip.url)}")
    trip.seen.add(step)
    return prepared


def _astray(url: str, why: str) -> Unreachable:
    return Unreachable(url, f"Redirects: {why}.", kind="redirects")


def _headers_of(response: requests.Response) -> dict[str, str]:
    """Names in lower case. Cookies are nobody's business beyond the fetch that they came with."""
    return {name.lower(): value for name, value in response.headers.items() if name.lower() != "set-cookie"}


def _explain(error: Exception, deadline: Deadline) -> NoReturn:
    """Raise the error of our tree for what went wrong between connecting and the end of the head."""
    deadline.check()
    if isinstance(error, (requests.Timeout, TimeoutError, urllib3.exceptions.TimeoutError)):
        raise deadline.error() from error
    if isinstance(error, requests.exceptions.InvalidURL):
        raise Unreachable(deadline.url, "Request not possible: the address cannot be sent.") from error
    words = "Broken transfer: the server closed the connection, or answered something that is not HTTP."
    raise Unreachable(deadline.url, words, kind="broken") from error
