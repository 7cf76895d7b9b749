"""Are names looked up within the deadline, and does a hung lookup hold up nobody else?"""

import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from feedsvc.errors import DeadlineExceeded, Stopped, Unreachable
from feedsvc.fetch.deadline import Deadline
from feedsvc.fetch.names import Resolver, system_lookup
from feedsvc.model import Document, Request
from tests.fetch.conftest import MakeFetcher, Serve, answering, lookup_of, response, within

LOCAL = ipaddress.IPv4Address("127.0.0.1")


@pytest.fixture
def hung() -> Iterator[Callable[[str], list[ipaddress.IPv4Address]]]:
    """A DNS that answers about *.example at once and about all else only when the test is over."""
    over = threading.Event()

    def lookup(host: str) -> list[ipaddress.IPv4Address]:
        if not host.endswith(".example"):
            over.wait(60)
        return [LOCAL]

    yield lookup
    over.set()


def test_literal_address_needs_no_lookup() -> None:
    resolver = Resolver(lookup_of())
    deadline = Deadline("", 1)
    assert resolver.addresses("127.0.0.1", deadline) == (LOCAL,)
    assert resolver.addresses("::1", deadline) == (ipaddress.IPv6Address("::1"),)


def test_system_lookup_gives_each_address_once() -> None:
    found = system_lookup("localhost")
    assert LOCAL in found
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (socket.gaierror(socket.EAI_NONAME, "?"), "DNS: no address for feeds.example."),
        (
            socket.gaierror(socket.EAI_AGAIN, "?"),
            "DNS: no answer about feeds.example, the name server may be down or out of reach.",
        ),
        (UnicodeError("label empty or too long"), "DNS: feeds.example is not a possible host name."),
        (None, "DNS: no address for feeds.example."),
    ],
)
def test_failed_lookup_says_why(error: Exception | None, message: str, make_fetcher: MakeFetcher) -> None:
    def lookup(_: str) -> list[ipaddress.IPv4Address]:
        if error is not None:
            raise error
        return []

    with pytest.raises(Unreachable) as caught:
        make_fetcher(lookup=lookup).get(Request(url="http://feeds.example/rss"))
    assert (caught.value.kind, str(caught.value)) == ("dns", message)


def test_bug_in_a_lookup_is_not_hidden() -> None:
    def lookup(_: str) -> list[ipaddress.IPv4Address]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Resolver(lookup).addresses("feeds.example", Deadline("", 5))


def test_hung_lookup_ends_with_the_deadline(
    hung: Callable[[str], list[ipaddress.IPv4Address]], make_fetcher: MakeFetcher
) -> None:
    fetcher = make_fetcher(seconds=0.3, lookup=hung)
    with within(5), pytest.raises(DeadlineExceeded) as caught:
        fetcher.get(Request(url="http://hung.test/rss"))
    assert str(caught.value) == "Timeout: not done within 0.3 s, was looking up hung.test in the DNS."


def test_hung_lookups_hold_up_nobody_else(
    hung: Callable[[str], list[ipaddress.IPv4Address]], make_fetcher: MakeFetcher, serve: Serve
) -> None:
    server = serve(answering(response()))
    fetcher = make_fetcher(seconds=3, lookup=hung)
    with ThreadPoolExecutor(20) as pool:
        hanging = [pool.submit(fetcher.get, Request(url=f"http://hung{n}.test/")) for n in range(19)]
        with within(2):
            assert isinstance(fetcher.get(Request(url=server.url(host="a.example"))), Document)
        fetcher.close()
        assert {type(one.exception()) for one in hanging} == {Stopped}


def test_one_host_hangs_once_however_many_ask(hung: Callable[[str], list[ipaddress.IPv4Address]]) -> None:
    asked: list[str] = []

    def lookup(host: str) -> list[ipaddress.IPv4Address]:
        asked.append(host)
        return hung(host)

    resolver = Resolver(lookup, threads=2)
    for _ in range(3):
        with pytest.raises(DeadlineExceeded):
            resolver.addresses("hung.test", Deadline("", 0.05))
    assert resolver.addresses("a.example", Deadline("", 5)) == [LOCAL]
    assert asked == ["hung.test", "a.example"]
    resolver.close()


def test_lookups_wait_for_a_thread_and_threads_are_used_again() -> None:
    names: set[str] = set()
    lock = threading.Lock()

    def lookup(_: str) -> list[ipaddress.IPv4Address]:
        with lock:
            names.add(threading.current_thread().name + str(threading.get_ident()))
        time.sleep(0.01)
        return [LOCAL]

    resolver = Resolver(lookup, threads=3)
    with ThreadPoolExecutor(12) as pool:
        found = list(pool.map(lambda n: resolver.addresses(f"{n}.example", Deadline("", 20)), range(60)))
    assert found == [[LOCAL]] * 60
    assert len(names) <= 3
    for n in range(5):
        assert resolver.addresses(f"late{n}.example", Deadline("", 5)) == [LOCAL]
    assert len(names) <= 3
    resolver.close()
