"""Is TLS verified although all connections share one context, and is that context made once?"""

import socket
import ssl

import pytest

from feedsvc.errors import Unreachable
from feedsvc.fetch import Fetcher
from feedsvc.fetch.client import tls_context
from feedsvc.model import Document, Request
from tests.fetch.conftest import TLS, MakeFetcher, Serve, Server, answering, lookup_of, response

CA = str(TLS / "ca.pem")


def failure(fetcher: Fetcher, url: str) -> Unreachable:
    with pytest.raises(Unreachable) as caught:
        fetcher.get(Request(url=url))
    assert caught.value.kind == "tls"
    return caught.value


def test_known_authority_and_right_host_is_trusted(make_fetcher: MakeFetcher, serve: Serve) -> None:
    server = serve(answering(response()), certificate="localhost")
    fetcher = make_fetcher(
        ca_file=CA, lookup=lookup_of(localhost=["127.0.0.1"], feeds_example_org=["127.0.0.1"])
    )
    for host in ("localhost", "127.0.0.1", "feeds.example.org", "feeds.example.org."):
        assert isinstance(fetcher.get(Request(url=server.url(host=host))), Document)
    assert server.requests[2].split("\r\n")[1] == f"Host: feeds.example.org:{server.port}"


def test_unknown_authority_is_refused(make_fetcher: MakeFetcher, serve: Serve) -> None:
    server = serve(answering(response()), certificate="localhost")
    error = failure(make_fetcher(), server.url(host="localhost"))
    assert str(error) == (
        "TLS: the certificate of localhost was issued by an authority that is not trusted here."
    )
    assert server.requests == []


@pytest.mark.parametrize(
    ("certificate", "host", "fault"),
    [
        ("expired", "localhost", "has expired"),
        ("elsewhere", "localhost", "is for another host name"),
        ("elsewhere", "127.0.0.1", "is for another address"),
    ],
)
def test_wrong_certificate_is_refused_with_the_reason(
    certificate: str, host: str, fault: str, make_fetcher: MakeFetcher, serve: Serve
) -> None:
    server = serve(answering(response()), certificate=certificate)
    error = failure(make_fetcher(ca_file=CA), server.url(host=host))
    assert str(error) == f"TLS: the certificate of {host} {fault}."


def test_refusal_holds_after_a_good_connection_and_for_all_hosts(
    make_fetcher: MakeFetcher, serve: Serve
) -> None:
    """The context is shared: nothing that one connection does to it may soften it for the next."""
    good = serve(answering(response(Connection="close")), certificate="localhost")
    bad = serve(answering(response()), certificate="elsewhere")
    fetcher = make_fetcher(ca_file=CA)
    for _ in range(2):
        assert isinstance(fetcher.get(Request(url=good.url(host="localhost"))), Document)
        failure(fetcher, bad.url(host="localhost"))
    assert bad.requests == []


def test_plain_http_where_tls_is_expected_is_told(make_fetcher: MakeFetcher, serve: Serve) -> None:
    def handle(_: Server, sock: socket.socket) -> None:
        sock.recv(4096)
        sock.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    url = serve(handle).url(host="localhost").replace("http:", "https:")
    assert "TLS: no secure connection to localhost could be agreed on (" in str(failure(make_fetcher(), url))


def test_context_is_made_once_for_all_connections(
    make_fetcher: MakeFetcher, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What costs is reading the authorities: counted is how often, over many new connections."""
    server = serve(answering(response(Connection="close")), certificate="localhost")
    fetcher = make_fetcher(ca_file=CA)
    loads: list[object] = []

    class Counted(ssl.SSLContext):
        def load_verify_locations(self, *args: object, **kwargs: object) -> None:
            loads.append(args)

        def load_default_certs(self, *args: object, **kwargs: object) -> None:
            loads.append(args)

    monkeypatch.setattr("urllib3.util.ssl_.SSLContext", Counted)
    tls_context()
    assert len(loads) == 2  # the counting works
    for _ in range(5):
        assert isinstance(fetcher.get(Request(url=server.url())), Document)
    assert (server.connections, len(loads)) == (5, 2)


def test_verification_cannot_be_softened_by_the_environment(
    make_fetcher: MakeFetcher, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", CA)
    monkeypatch.setenv("CURL_CA_BUNDLE", CA)
    server = serve(answering(response()), certificate="localhost")
    failure(make_fetcher(), server.url(host="localhost"))


def test_context_demands_certificates_and_names() -> None:
    context = tls_context()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
