"""Which addresses may we connect to, and how is it sure that we connect to no other?

The SSRF guard. Addresses come from configuration, from redirects and from what strangers publish; none of
them may make this machine talk to itself, to its network or to its cloud's control plane.

- ``target`` reads an address and refuses all but plain http and https ones.
- ``Guard.refusal`` judges an IP address. Everything that is not globally reachable is refused.
- ``connect`` is the only place in feedsvc that opens a connection for fetching. It resolves the name once,
  judges what came out, and connects to just those addresses: a name that resolves differently a moment later
  (DNS rebinding) has no effect, and no spelling of a host (octal, decimal, mapped) gets past.
- A connection kept alive is judged again by ``Guard.refusal`` when it is used again (``connection.py``).

``fetch.allow`` exempts networks, but only for the host and port that a source itself names in the
configuration, and for the hosts of callbacks that it names. Redirects elsewhere and pages that a source
links to are never exempt, and the metadata services of clouds never are for anybody.

Sources: the IANA special-purpose address registries for IPv4 and IPv6 (RFC 6890) as of 2026, and for IPv6
the rule that only 2000::/3 is global unicast at all (RFC 4291 2.4).
"""

import ipaddress
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from feedsvc.addresses import show_url
from feedsvc.errors import AddressRefused, Unreachable
from feedsvc.fetch.deadline import Deadline
from feedsvc.fetch.names import Address, Resolver

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_PORTS = {"http": 80, "https": 443}


def _networks(*rows: tuple[str, str]) -> tuple[tuple[Network, str], ...]:
    return tuple((ipaddress.ip_network(network), what) for network, what in rows)


_METADATA = _networks(
    ("169.254.169.254/32", "the metadata service of a cloud"),  # AWS, Azure, Google and most others
    ("169.254.170.2/32", "the credentials service of a cloud"),  # AWS containers
    ("169.254.170.23/32", "the credentials service of a cloud"),  # AWS Kubernetes pods
    ("168.63.129.16/32", "the control service of a cloud"),  # Azure; looks like a public address
    ("100.100.100.200/32", "the metadata service of a cloud"),  # Alibaba
    ("192.0.0.192/32", "the metadata service of a cloud"),  # Oracle
    ("fd00:ec2::254/128", "the metadata service of a cloud"),  # AWS
    ("fd00:ec2::23/128", "the credentials service of a cloud"),  # AWS Kubernetes pods
    ("fd20:ce::254/128", "the metadata service of a cloud"),  # Google
)

# The first match names the reason, so narrower networks come before wider ones.
_SPECIAL = _networks(
    ("0.0.0.0/8", "an address of this machine or network"),
    ("10.0.0.0/8", "a private address"),
    ("100.64.0.0/10", "an address inside a provider's network (carrier-grade NAT)"),
    ("127.0.0.0/8", "a loopback address"),
    ("169.254.0.0/16", "a link-local address"),
    ("172.16.0.0/12", "a private address"),
    ("192.0.0.0/24", "an address reserved for protocols"),
    ("192.0.2.0/24", "an address for documentation only"),
    ("192.88.99.0/24", "a former 6to4 relay address"),
    ("192.168.0.0/16", "a private address"),
    ("198.18.0.0/15", "an address for benchmarks only"),
    ("198.51.100.0/24", "an address for documentation only"),
    ("203.0.113.0/24", "an address for documentation only"),
    ("224.0.0.0/4", "a multicast address"),
    ("255.255.255.255/32", "the broadcast address"),
    ("240.0.0.0/4", "a reserved address"),
    ("::/128", "the unspecified address"),
    ("::1/128", "a loopback address"),
    ("::ffff:0:0/96", "an IPv4 address inside an IPv6 one"),
    ("::/96", "an IPv4 address inside an IPv6 one"),
    ("64:ff9b::/96", "an IPv4 address inside an IPv6 one (NAT64)"),
    ("64:ff9b:1::/48", "an IPv4 address inside an IPv6 one (NAT64)"),
    ("100::/32", "an address that discards"),
    ("2001::/32", "an IPv4 address inside an IPv6 one (Teredo)"),
    ("2001::/23", "an address reserved for protocols"),
    ("2001:db8::/32", "an address for documentation only"),
    ("2002::/16", "an IPv4 address inside an IPv6 one (6to4)"),
    ("3fff::/20", "an address for documentation only"),
    ("5f00::/16", "a segment routing address"),
    ("fc00::/7", "a private address"),
    ("fe80::/10", "a link-local address"),
    ("fec0::/10", "a site-local address"),
    ("ff00::/8", "a multicast address"),
)
_GLOBAL_V6 = ipaddress.ip_network("2000::/3")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where an http(s) URL leads: ``host`` in lower case, without brackets and final dot."""

    scheme: str
    host: str
    port: int


def target(url: str) -> Target:
    """Read an absolute URL. Raises AddressRefused for all that is not plainly http or https."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise _unusable(url, "its host or port cannot be read") from error
    scheme = parts.scheme.lower()
    if scheme not in _PORTS:
        raise _unusable(
            url, f"only http and https are fetched, not {scheme or 'an address without a scheme'}"
        )
    # Programs disagree on what these mean: one reads http://a\@b as host a, another as host b.
    if "\\" in url.partition("?")[0] or _CONTROL.search(url):
        raise _unusable(url, "it contains a backslash or a control character")
    host = plain_host(host)
    if not host or " " in host:
        raise _unusable(url, "it names no host")
    if port == 0:
        raise _unusable(url, "port 0 does not exist")
    return Target(scheme=scheme, host=host, port=port or _PORTS[scheme])


def plain_host(host: str) -> str:
    """``host`` as it is compared: lower case, no brackets, no final dot."""
    return host.strip("[]").rstrip(".").lower()


def _unusable(url: str, why: str) -> AddressRefused:
    shown = show_url(url)
    return AddressRefused(shown, f"Address refused: {shown} cannot be fetched, {why}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """Judges addresses. ``allow`` lists the networks of ``fetch.allow``."""

    allow: tuple[Network, ...] = ()

    def refusal(self, address: Address, *, exempt: bool) -> str | None:
        """Why ``address`` must not be connected to ("a private address"); None if it may.

        ``exempt`` says that the request goes to the host and port that a source is configured with.
        """
        if (metadata := _match(_METADATA, address)) is not None:
            return metadata
        if exempt and any(address in network for network in self.allow if network.version == address.version):
            return None
        return _special(address)


def _match(table: tuple[tuple[Network, str], ...], address: Address) -> str | None:
    for network, what in table:
        if network.version == address.version and address in network:
            return what
    return None


def _special(address: Address) -> str | None:
    if (what := _match(_SPECIAL, address)) is not None:
        return what
    # What no table knows: the rest of IPv6 is unassigned, and the standard library has a list of its own.
    if not address.is_global or (address.version == 6 and address not in _GLOBAL_V6):
        return "not an address of the public internet"
    return None


def connect(
    host: str, port: int, *, guard: Guard, exempt: bool, resolver: Resolver, deadline: Deadline
) -> tuple[socket.socket, Address]:
    """A connection to ``host``, and the address that it really leads to.

    Every permitted address is tried in turn, each with its share of the time that is left. Raises
    AddressRefused, Unreachable ("dns", "connect") or DeadlineExceeded.
    """
    addresses = _permitted(host, resolver.addresses(host, deadline), guard, exempt, deadline.url)
    deadline.step = f"connecting to {host}"
    failure: OSError | None = None
    for tried, address in enumerate(addresses):
        share = deadline.remaining() / (len(addresses) - tried)
        try:
            return _connect(address, port, share), address
        except OSError as error:
            failure = error
    deadline.remaining()
    where = f"{host} (port {port})"
    reason = "it did not answer" if isinstance(failure, TimeoutError) else f"{failure and failure.strerror}"
    raise Unreachable(deadline.url, f"Connection to {where} failed: {reason}.", kind="connect") from failure


def _permitted(
    host: str, addresses: Sequence[Address], guard: Guard, exempt: bool, url: str
) -> tuple[Address, ...]:
    judged = [(address, guard.refusal(address, exempt=exempt)) for address in addresses]
    permitted = tuple(address for address, refused in judged if refused is None)
    if not permitted:
        address, refused = judged[0]
        raise refused_address(url, host, address, f"{refused}", exempt=exempt)
    return permitted


def refused_address(url: str, host: str, address: Address, what: str, *, exempt: bool) -> AddressRefused:
    """The error that tells which address was refused and what can be done."""
    leads = f"{host} is" if host == str(address) else f"{host} leads to {address},"
    hint = (
        "if that is meant, list its network in fetch.allow"
        if exempt
        else "fetch.allow serves a source's own host only"
    )
    if _match(_METADATA, address) is not None:
        hint = "it is never fetched"
    return AddressRefused(url, f"Address refused: {leads} {what}; {hint}.")


def _connect(address: Address, port: int, seconds: float) -> socket.socket:
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.settimeout(seconds)
        sock.connect((str(address), port))
    except BaseException:
        sock.close()
        raise
    return sock
