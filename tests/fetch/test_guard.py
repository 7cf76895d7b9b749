"""Does the guard refuse every address that is not public, however it comes by it?"""

import contextlib
import ipaddress
import socket

import pytest

from feedsvc.errors import AddressRefused, Unreachable
from feedsvc.fetch import Fetcher
from feedsvc.fetch.deadline import Deadline
from feedsvc.fetch.guard import Guard, Target, connect, target
from feedsvc.fetch.names import Resolver
from feedsvc.model import Document, Request
from tests.fetch.conftest import LOOPBACK, MakeFetcher, Serve, answering, lookup_of, response

SPECIAL = [
    ("0.0.0.0", "an address of this machine or network"),
    ("0.1.2.3", "an address of this machine or network"),
    ("10.0.0.1", "a private address"),
    ("100.64.0.1", "an address inside a provider's network (carrier-grade NAT)"),
    ("100.127.255.255", "an address inside a provider's network (carrier-grade NAT)"),
    ("100.100.100.200", "the metadata service of a cloud"),
    ("127.0.0.1", "a loopback address"),
    ("127.255.255.254", "a loopback address"),
    ("168.63.129.16", "the control service of a cloud"),
    ("169.254.0.1", "a link-local address"),
    ("169.254.169.254", "the metadata service of a cloud"),
    ("169.254.170.2", "the credentials service of a cloud"),
    ("172.16.0.1", "a private address"),
    ("172.31.255.255", "a private address"),
    ("192.0.0.1", "an address reserved for protocols"),
    ("192.0.0.9", "an address reserved for protocols"),
    ("192.0.2.1", "an address for documentation only"),
    ("192.88.99.1", "a former 6to4 relay address"),
    ("192.168.1.1", "a private address"),
    ("198.18.0.1", "an address for benchmarks only"),
    ("198.19.255.255", "an address for benchmarks only"),
    ("198.51.100.1", "an address for documentation only"),
    ("203.0.113.1", "an address for documentation only"),
    ("224.0.0.1", "a multicast address"),
    ("239.255.255.250", "a multicast address"),
    ("240.0.0.1", "a reserved address"),
    ("255.255.255.255", "the broadcast address"),
    ("::", "the unspecified address"),
    ("::1", "a loopback address"),
    ("::7f00:1", "an IPv4 address inside an IPv6 one"),
    ("::8.8.8.8", "an IPv4 address inside an IPv6 one"),
    ("::ffff:127.0.0.1", "an IPv4 address inside an IPv6 one"),
    ("::ffff:8.8.8.8", "an IPv4 address inside an IPv6 one"),
    ("::ffff:0:8.8.8.8", "not an address of the public internet"),
    ("64:ff9b::a00:1", "an IPv4 address inside an IPv6 one (NAT64)"),
    ("64:ff9b::808:808", "an IPv4 address inside an IPv6 one (NAT64)"),
    ("64:ff9b:1::1", "an IPv4 address inside an IPv6 one (NAT64)"),
    ("100::1", "an address that discards"),
    ("100:0:0:1::1", "an address that discards"),
    ("2001::1", "an IPv4 address inside an IPv6 one (Teredo)"),
    ("2001:0:ffff::1", "an IPv4 address inside an IPv6 one (Teredo)"),
    ("2001:2::1", "an address reserved for protocols"),
    ("2001:10::1", "an address reserved for protocols"),
    ("2001:20::1", "an address reserved for protocols"),
    ("2001:1ff::1", "an address reserved for protocols"),
    ("2001:db8::1", "an address for documentation only"),
    ("2002:7f00:1::", "an IPv4 address inside an IPv6 one (6to4)"),
    ("2002:808:808::1", "an IPv4 address inside an IPv6 one (6to4)"),
    ("3fff::1", "an address for documentation only"),
    ("3fff:fff::1", "an address for documentation only"),
    ("4000::1", "not an address of the public internet"),
    ("5f00::1", "a segment routing address"),
    ("fc00::1", "a private address"),
    ("fd12:3456::1", "a private address"),
    ("fd00:ec2::254", "the metadata service of a cloud"),
    ("fe80::1", "a link-local address"),
    ("fe80::1%lo", "a link-local address"),
    ("fec0::1", "a site-local address"),
    ("ff02::1", "a multicast address"),
    ("ff0e::1", "a multicast address"),
]

PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.1",
    "168.63.129.17",
    "169.253.255.255",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.1",
    "192.167.255.255",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2001:200::1",
    "2003::1",
    "2606:4700::1111",
    "2a00:1450::1",
    "3ffe::1",
]


@pytest.mark.parametrize(("address", "what"), SPECIAL)
def test_special_address_is_refused_and_named(address: str, what: str) -> None:
    assert Guard().refusal(ipaddress.ip_address(address), exempt=True) == what


@pytest.mark.parametrize("address", PUBLIC)
def test_public_address_is_permitted(address: str) -> None:
    assert Guard().refusal(ipaddress.ip_address(address), exempt=False) is None


@pytest.mark.parametrize("network", ["127.0.0.0/8", "0.0.0.0/0"])
def test_allow_serves_only_the_exempt(network: str) -> None:
    guard = Guard(allow=(ipaddress.ip_network(network),))
    address = ipaddress.ip_address("127.0.0.1")
    assert guard.refusal(address, exempt=True) is None
    assert guard.refusal(address, exempt=False) == "a loopback address"


def test_allow_is_exact_about_mapped_addresses() -> None:
    guard = Guard(allow=(ipaddress.ip_network("127.0.0.0/8"),))
    mapped = ipaddress.ip_address("::ffff:127.0.0.1")
    assert guard.refusal(mapped, exempt=True) == "an IPv4 address inside an IPv6 one"


@pytest.mark.parametrize("address", ["169.254.169.254", "fd00:ec2::254", "168.63.129.16", "100.100.100.200"])
def test_metadata_services_are_never_allowed(address: str) -> None:
    everything = (ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0"))
    assert Guard(allow=everything).refusal(ipaddress.ip_address(address), exempt=True) is not None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://Example.ORG/x", ("http", "example.org", 80)),
        ("HTTPS://example.org./x", ("https", "example.org", 443)),
        ("http://user:pw@example.org:8080/", ("http", "example.org", 8080)),
        ("http://[2606:4700::1111]:81/", ("http", "2606:4700::1111", 81)),
        ("http://good.example@evil.example/", ("http", "evil.example", 80)),
        ("http://example.org/?q=a\\b", ("http", "example.org", 80)),
    ],
)
def test_target_reads_the_host_that_is_connected_to(url: str, expected: tuple[str, str, int]) -> None:
    scheme, host, port = expected
    assert target(url) == Target(scheme=scheme, host=host, port=port)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://example.org/", "only http and https are fetched, not ftp"),
        ("file:///etc/passwd", "only http and https are fetched, not file"),
        ("javascript:alert(1)", "only http and https are fetched, not javascript"),
        ("gopher://127.0.0.1:6379/_x", "only http and https are fetched, not gopher"),
        ("example.org/feed", "only http and https are fetched, not an address without a scheme"),
        ("//example.org/feed", "only http and https are fetched, not an address without a scheme"),
        ("", "only http and https are fetched, not an address without a scheme"),
        ("http:///feed", "it names no host"),
        ("http://./feed", "it names no host"),
        ("http://:80/feed", "it names no host"),
        ("http://example.org:0/", "port 0 does not exist"),
        ("http://example.org:99999/", "its host or port cannot be read"),
        ("http://example.org:-1/", "its host or port cannot be read"),
        ("http://example.org:http/", "its host or port cannot be read"),
        ("http://[::1/", "its host or port cannot be read"),
        ("http://exa mple.org/", "it names no host"),
        ("http://a.example\\@b.example/", "it contains a backslash or a control character"),
        ("http://a.example/\\x", "it contains a backslash or a control character"),
        ("http://exam\nple.org/", "it contains a backslash or a control character"),
        ("http://example.org/\r\nHost: b.example", "it contains a backslash or a control character"),
        ("http://example.org/\0", "it contains a backslash or a control character"),
    ],
)
def test_unusable_address_is_refused_with_the_reason(url: str, why: str, fetcher: Fetcher) -> None:
    with pytest.raises(AddressRefused) as caught:
        target(url)
    assert str(caught.value).startswith("Address refused: ")
    assert str(caught.value).endswith(f" cannot be fetched, {why}.")
    if not url.startswith("file:"):
        with pytest.raises(AddressRefused, match="cannot be fetched"):
            fetcher.get(Request(url=url))


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "0x7f.0.0.1", "0177.0.0.1", "2130706433", "0", "localhost", "[::1]",
     "[::ffff:127.0.0.1]", "[::127.0.0.1]", "LOCALHOST"],
)  # fmt: skip
def test_no_spelling_of_loopback_gets_past(host: str, make_fetcher: MakeFetcher, serve: Serve) -> None:
    server = serve(answering(response()))
    with pytest.raises(AddressRefused) as caught:
        make_fetcher(allow=()).get(Request(url=server.url(host=host)))
    assert caught.value.kind == "refused-address"
    assert server.connections == 0


def test_final_dot_of_a_name_changes_nothing(make_fetcher: MakeFetcher, serve: Serve) -> None:
    server = serve(answering(response()))
    lookup = lookup_of(feeds_example=["127.0.0.1"])
    with pytest.raises(AddressRefused, match="a loopback address"):
        make_fetcher(allow=(), lookup=lookup).get(Request(url=server.url(host="feeds.example.")))
    assert isinstance(
        make_fetcher(lookup=lookup).get(Request(url=server.url(host="feeds.example."))), Document
    )
    assert f"Host: feeds.example:{server.port}\r\n" in server.requests[0]


def test_name_is_resolved_once_and_that_very_address_is_used(make_fetcher: MakeFetcher, serve: Serve) -> None:
    """DNS rebinding: what a second lookup would say does not matter, for there is none."""
    server = serve(answering(response(Connection="close")))
    asked: list[str] = []

    def rebinding(host: str) -> list[ipaddress.IPv4Address]:
        asked.append(host)
        return [ipaddress.IPv4Address("127.0.0.1" if len(asked) == 1 else "10.0.0.1")]

    fetcher = make_fetcher(lookup=rebinding)
    request = Request(url=server.url(host="feeds.example"))
    assert isinstance(fetcher.get(request), Document)
    assert asked == ["feeds.example"]
    assert f"Host: feeds.example:{server.port}\r\n" in server.requests[0]
    with pytest.raises(AddressRefused, match=r"feeds\.example leads to 10\.0\.0\.1, a private address"):
        fetcher.get(request)
    assert (asked, server.connections) == (["feeds.example"] * 2, 1)


def test_refused_addresses_of_a_name_are_left_out_and_the_others_tried_in_turn(
    make_fetcher: MakeFetcher, serve: Serve
) -> None:
    server = serve(answering(response()))
    addresses = ["10.0.0.1", "169.254.169.254", "::1", "127.0.0.1"]  # nobody listens on ::1
    fetcher = make_fetcher(lookup=lookup_of(feeds_example=addresses))
    assert isinstance(fetcher.get(Request(url=server.url(host="feeds.example"))), Document)


def test_message_tells_what_can_be_done(make_fetcher: MakeFetcher) -> None:
    fetcher = make_fetcher(
        allow=(), lookup=lookup_of(a_example=["192.168.0.9"], b_example=["169.254.169.254"])
    )
    with pytest.raises(AddressRefused) as own:
        fetcher.get(Request(url="http://a.example/feed"))
    assert str(own.value) == (
        "Address refused: a.example leads to 192.168.0.9, a private address; "
        "if that is meant, list its network in fetch.allow."
    )
    with pytest.raises(AddressRefused) as other:
        fetcher.get(Request(url="http://a.example/feed"), configured=False)
    assert str(other.value).endswith("; fetch.allow serves a source's own host only.")
    with pytest.raises(AddressRefused) as metadata:
        fetcher.get(Request(url="http://b.example/feed"))
    assert str(metadata.value).endswith("the metadata service of a cloud; it is never fetched.")
    with pytest.raises(AddressRefused, match=r"^Address refused: 10\.0\.0\.1 is a private address;"):
        fetcher.get(Request(url="http://10.0.0.1/feed"))


def test_redirect_elsewhere_is_not_served_by_allow(make_fetcher: MakeFetcher, serve: Serve) -> None:
    inner = serve(answering(response(b"secret")))
    for host in ("127.0.0.1", "localhost", "127.0.0.2", "inner.example"):
        location = inner.url("/admin", host=host)
        outer = serve(answering(response(b"", status="302 Found", Location=location)))
        fetcher = make_fetcher(lookup=lookup_of(localhost=["127.0.0.1"], inner_example=["127.0.0.1"]))
        with pytest.raises(AddressRefused, match=r"a loopback address; fetch\.allow serves"):
            fetcher.get(Request(url=outer.url(host="localhost")))
    assert inner.connections == 0


def test_redirect_to_the_same_host_and_port_is_served_by_allow(fetcher: Fetcher, serve: Serve) -> None:
    server = serve(answering(response(b"", status="301 Moved", Location="/new"), response(b"here")))
    document = fetcher.get(Request(url=server.url("/old")))
    assert isinstance(document, Document)
    assert document.body == b"here"


def test_kept_connection_is_judged_again_by_the_rights_of_who_uses_it(fetcher: Fetcher, serve: Serve) -> None:
    server = serve(answering(response()))
    fetcher.get(Request(url=server.url()))
    with pytest.raises(AddressRefused, match="a loopback address"):
        fetcher.get(Request(url=server.url()), configured=False)
    assert (server.connections, len(server.requests)) == (1, 1)


def test_connection_is_refused_with_the_reason(make_fetcher: MakeFetcher) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Unreachable) as caught:
        make_fetcher().get(Request(url=f"http://127.0.0.1:{port}/"))
    assert caught.value.kind == "connect"
    assert str(caught.value) == f"Connection to 127.0.0.1 (port {port}) failed: Connection refused."


def test_silent_address_has_only_its_share_of_the_time() -> None:
    """A listener whose queue is full does not answer at all."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        port = listener.getsockname()[1]
        for _ in range(4):
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
        silent, refusing = ipaddress.ip_address("127.0.0.1"), ipaddress.ip_address("::1")
        deadline = Deadline("http://a.example/", 1.0)
        with pytest.raises(Unreachable, match=r"a\.example \(port \d+\) failed"):
            connect(
                "a.example", port, guard=Guard(allow=LOOPBACK), exempt=True,
                resolver=Resolver(lambda _: [silent, refusing]), deadline=deadline,
            )  # fmt: skip
        assert 0.2 < deadline.remaining() < 0.6
        deadline.finish()
