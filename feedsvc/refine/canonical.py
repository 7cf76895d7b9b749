"""Do two addresses lead to the same page, as far as matching is concerned?

The canonical form is a key and never published: nobody promises that it can be opened.
"""

import re
from functools import lru_cache
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from feedsvc.refine.text import words, xml_text

# Parameters that say where a reader came from, not what is read.
_TRACKING_PREFIXES: Final = tuple(words("utm_ mtm_ pk_ piwik_ matomo_ hsa_ _hs at_ ns_ oly_ vero_"))
_TRACKING: Final = words(
    "_ga _gl cmpid dclid emc fb_action_ids fb_action_types fb_ref fb_source fbclid ftag gbraid gclid "
    "gclsrc icid igsh igshid mc_cid mc_eid mkt_tok msclkid ncid ref_src ref_url s_cid smid ttclid twclid "
    "wbraid wt_mc wt_zmc wickedid xtor yclid"
)
# Parameters that are tracking only where they say "came through a feed".
_ORIGIN: Final = words("campaign cmp feed from medium output partner ref source src via")
_FEED_WORDS: Final = frozenset({"atom", "feed", "feeds", "rss", "rss2", "rssfeed"})

_DEFAULT_PORTS: Final = frozenset({":80", ":443"})
_INDEX: Final = re.compile(r"/index\.html?$", re.IGNORECASE)


@lru_cache(maxsize=8_192)
def canonical_url(url: str, *, fragment: bool = False) -> str:
    """A matching key for an http(s) address, without its scheme; anything else comes back as it is.

    Equal for http and https, with and without ``www.``, default port, trailing slash, ``index.html``,
    tracking parameters, whatever the order of the others and the spelling of percent-encoding. The
    fragment goes too, unless it is an address of its own (``#!``) or ``fragment`` asks to keep it.
    """
    url = xml_text(url).strip()
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return url
    path = _INDEX.sub("", _spelled(parts.path)).rstrip("/")
    query = _query(parts.query)
    return f"//{_host(parts.netloc)}{path}{query}{_fragment(parts.fragment, keep=fragment)}"


def is_front_page(canonical: str) -> bool:
    """Is the canonical address that of a whole site?"""
    return re.fullmatch(r"//[^/?#]+", canonical) is not None


def _host(netloc: str) -> str:
    host = netloc.rpartition("@")[2].lower()
    name, colon, port = host.rpartition(":")
    if f"{colon}{port}" in _DEFAULT_PORTS:
        host = name
    if not host.isascii():
        host = _punycode(host)
    return host.rstrip(".").removeprefix("www.")


def _punycode(host: str) -> str:
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def _query(query: str) -> str:
    kept = sorted(_spelled(pair) for pair in query.split("&") if pair and not _tracks(pair))
    return f"?{'&'.join(kept)}" if kept else ""


def _tracks(pair: str) -> bool:
    name, _, value = pair.lower().partition("=")
    return (
        name in _TRACKING or name.startswith(_TRACKING_PREFIXES) or (name in _ORIGIN and value in _FEED_WORDS)
    )


def _fragment(fragment: str, *, keep: bool) -> str:
    if fragment.startswith("!") or (keep and fragment and not _tracks(fragment)):
        return f"#{_spelled(fragment)}"
    return ""


def _spelled(part: str) -> str:
    """One spelling of percent-encoding: what must be encoded is, in upper case; what need not be is not."""
    if part.isascii() and "%" not in part and " " not in part:
        return part
    # A slash or ampersand that was encoded is no separator, so those escapes stay.
    kept = re.sub(r"%(2[356Ff]|3[BbDdFf])", lambda found: f"%25{found[1].upper()}", part)
    return quote(unquote(kept, errors="surrogateescape"), safe="/?:@!$&'()*+,;=%~", errors="surrogateescape")
