"""Where does a link in a mail lead, without those who count clicks and without saying who clicked?"""

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

from feedsvc.refine.canonical import canonical_url
from feedsvc.refine.links import absolute
from feedsvc.refine.text import words

_MOST_HOPS: Final = 3
_NO_PAGE: Final = "https://x.invalid/p"

# How addresses are built that count a click and pass it on: a part of the path says so, a parameter holds
# the target. Both must be there, for others have addresses in their parameters for good reason.
_COUNTERS: Final = words(
    "away c cl click clicks ct e f fwd go goto l link links lnk log ls out outbound r re redir redirect "
    "redirection redirector t tr track tracker tracking trk u url wf"
)
_TARGETS: Final = words(
    "target target_url url u to dest destination redirect redirect_to redirect_url redirecturl redir r link "
    "href goto go l location p page lp"
)
# Where the target is what the page is about.
_NOT_PASSED_ON: Final = words(
    "share sharer sharing intent submit compose login signin signup auth oauth translate translator web "
    "archive cache embed oembed validate validator search"
)
_IN_PATH: Final = re.compile(r"/(https?:?(?:%3A)?(?:%2F){2}[^/?#]+|https?%3A%2F%2F[^/?#]+)", re.IGNORECASE)

# Parameters that say who reads it, or let whoever has the address act as that reader.
_PERSONAL: Final = re.compile(
    r"(?:e[-_]?mail|mail)(?:[-_]?(?:address|id|hash|md5|sha\d*))?"
    r"|(?:subscriber|recipient|contact|member|reader|profile)(?:[-_]?(?:id|hash|key|uid|uuid|email|token))?"
    r"|(?:ck|ml|mc|sf|sp|et|cm)[-_]?subscriber(?:[-_]?(?:id|hash))?|ck_subscriber_id|user(?:[-_](?:id|hash|token))"
    r"|(?:access|auth|login|session|magic|user|unsubscribe)?[-_]?(?:token|jwt)|vgo_ee|_hsenc|_hsmi|bxid|cndid"
    r"|elq(?:track(?:id)?|cst|aid|at)?|sp(?:mailing|user|job|report)id|dm_[it]|trk_(?:contact|msg|sid)|sc_eid",
    re.IGNORECASE,
)
_SHORT_HEX: Final = re.compile(r"[0-9a-f]{8,12}")
_OPAQUE: Final = re.compile(
    r"(?=\w{0,200}[0-9])(?=\w{0,200}[A-Za-z])\w{30,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass(frozen=True)
class Private:
    """The reader's own mail addresses, in lower case: nobody else is to see them, in whatever spelling."""

    addresses: frozenset[str]

    @cached_property
    def _spellings(self) -> frozenset[str]:
        return frozenset(one for address in self.addresses for one in _spellings(address))

    @cached_property
    def _encoded(self) -> frozenset[str]:
        return frozenset(
            base64.b64encode(address.encode("utf-8", "replace")).decode().rstrip("=")
            for address in self.addresses
        )

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        longest_first = sorted(map(re.escape, self.addresses), key=len, reverse=True)
        return re.compile("|".join(longest_first), re.IGNORECASE) if longest_first else None

    def names(self, text: str) -> bool:
        """Does the text name the reader, plainly, as part of a URL, or as a fingerprint?"""
        if not self.addresses:
            return False
        plain = unquote(unquote(text)).lower()
        return any(one in plain for one in self._spellings) or any(one in text for one in self._encoded)

    def without(self, text: str) -> str:
        return self._pattern.sub("…", text) if self._pattern else text


def _spellings(address: str) -> Iterator[str]:
    raw = address.encode("utf-8", "replace")
    yield address
    yield address.replace("@", "=")  # as bounces are addressed (VERP)
    for digest in (hashlib.md5(raw, usedforsecurity=False), hashlib.sha1(raw, usedforsecurity=False)):
        yield digest.hexdigest()
    yield hashlib.sha256(raw).hexdigest()


def target(href: str, private: Private) -> str | None:
    """The address that readers may have: None if there is none, or none that does not name the reader."""
    href = href.strip()
    if href.lower().startswith(("mailto:", "tel:")):
        return None if private.names(href) else href
    url = absolute(href)
    for _ in range(_MOST_HOPS):
        passed_on = _passed_on(url) if url else None
        if passed_on is None:
            break
        url = passed_on
    url = _without_parameters(url, private) if url else None
    return None if url is None or private.names(url) else url


def _passed_on(url: str) -> str | None:
    """The target of an address that counts a click, where it is in plain sight."""
    parts = urlsplit(url)
    segments = {segment.lower() for segment in parts.path.split("/")}
    if segments & _NOT_PASSED_ON:
        return None
    encoded = _IN_PATH.search(parts.path)
    if encoded:
        return absolute(_plain(encoded[1]))
    host_says = parts.netloc.lower().partition(".")[0] in _COUNTERS
    if not host_says and not any(segment.partition(".")[0] in _COUNTERS for segment in segments if segment):
        return None
    for name, value in parse_qsl(parts.query, max_num_fields=200) if parts.query.count("&") < 200 else ():
        if name.lower() in _TARGETS and value.lower().startswith(("http://", "https://")):
            return absolute(value)
    return None


def _plain(encoded: str) -> str:
    """``https:%2F%2Fexample.org%2Fa`` -> ``https://example.org/a``; what is encoded twice stays so once."""
    return unquote(encoded)


def _without_parameters(url: str, private: Private) -> str:
    parts = urlsplit(url)
    pairs = [pair for pair in parts.query.split("&") if pair and not _is_dropped(pair, private)]
    fragment = "" if _is_dropped(parts.fragment, private) else parts.fragment
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "&".join(pairs), fragment))


def _is_dropped(pair: str, private: Private) -> bool:
    name, _, value = pair.partition("=")
    if not pair:
        return False
    if _PERSONAL.fullmatch(unquote(name)) or private.names(pair):
        return True
    if name == "e" and _SHORT_HEX.fullmatch(value):  # the reader, as a number
        return True
    return canonical_url(f"{_NO_PAGE}?{pair}") == canonical_url(_NO_PAGE)  # says where the click came from


def is_page_of_this_mail(url: str | None, title: str) -> bool:
    """May it be the article's own address? Not one that all mails of a list share, nor one for one reader.

    ``url`` is one that ``target`` gave. Nothing says what an address stands for, so we look at its shape:
    something in it must tell this mail from others (a number that is no year, or words of the title), and
    nothing may be so long and meaningless that only a machine can have made it for somebody.
    """
    if url is None or not url.startswith(("http://", "https://")):
        return False
    parts = urlsplit(url)
    if any(_OPAQUE.search(piece) for piece in (unquote(parts.path), unquote(parts.query))):
        return False
    if re.search(r"\d", _YEAR.sub("", f"{parts.path}?{parts.query}")):
        return True
    last = set(re.findall(r"\w{3,}", unquote(parts.path).rstrip("/").rpartition("/")[2].lower()))
    shared = last & set(re.findall(r"\w{3,}", title.lower()))
    return bool(last) and 2 * len(shared) > len(last)
