"""Which feeds does a platform have for an address, by what is known of it? (the knowledge itself is data)

A platform is described by patterns of addresses and by templates of feed addresses:

    match: ["forge.example/{owner}/{repo}/..."]
    feeds: [{title: Releases, url: "{origin}/{owner}/{repo}/releases.atom"}]

``{name}`` is one label of a host or (part of) one segment of a path, ``*`` in place of a host any host, a
final ``...`` any further segments, ``?name={value}`` a parameter. ``page`` are texts that must be in the page
as well: signs of a program that runs on many hosts, or values that only the page gives (``{name}`` in them).
"""

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl, quote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from feedsvc.pages.alternates import Candidate
from feedsvc.refine.links import absolute

ANY_HOST: Final = "*"
MORE: Final = "..."
GIVEN: Final = frozenset({"origin", "host", "url", "path"})  # what templates may name without a pattern
_NAME: Final = re.compile(r"\{([a-z_]*)\}")
_LONGEST_VALUE: Final = 300
_MOST_PARAMETERS: Final = 50
_HEADS: Final = ("www.", "m.", "mobile.")
_OTHER_HOSTS: Final = re.compile(r"[^a-z0-9.*{}_-]", re.IGNORECASE)


class PlatformFeed(BaseModel):
    """One feed of a platform."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = Field(description="Template of the feed's address.")
    title: str = Field("", description="What is in it, such as Releases.")


class Platform(BaseModel):
    """What is known of one kind of address on one platform."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$", description="Name of this piece of knowledge.")
    title: str = Field(description="What it is, for the admin: YouTube channel.")
    match: tuple[str, ...] = Field(min_length=1, description="Patterns of the addresses that it is about.")
    page: tuple[str, ...] = Field((), description="Texts that the page must hold, capital letters or small.")
    feeds: tuple[PlatformFeed, ...] = Field(description="Its feeds, best first; empty: it has none.")

    @field_validator("match")
    @classmethod
    def _patterns(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            _pattern(text)
        return value

    @field_validator("page")
    @classmethod
    def _texts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            _sign(text)
        return value

    @model_validator(mode="after")
    def _named(self) -> "Platform":
        """Templates name only what every pattern gives."""
        from_page = {name for text in self.page for name in _NAME.findall(text)}
        for text in self.match:
            given = {*_NAME.findall(text), *from_page, *GIVEN}
            for feed in self.feeds:
                unknown = [name for name in _NAME.findall(feed.url) if name not in given]
                if unknown:
                    raise ValueError(f"{{{unknown[0]}}} in {feed.url!r} is not in the pattern {text!r}")
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pattern:
    """``host`` None: any. ``segments`` and ``parameters``: expressions with the names as groups."""

    host: re.Pattern[str] | None
    segments: tuple[re.Pattern[str], ...]
    parameters: Mapping[str, re.Pattern[str]]
    more: bool


def candidates(
    platforms: Iterable[Platform], urls: Sequence[str], page: str | None = None
) -> Iterator[Candidate]:
    """The feeds that a platform should have for the addresses ``urls``, each platform once.

    ``page`` is the text of the page there, None if it could not be had.
    """
    for platform in platforms:
        values = _values(platform, urls, page)
        if values is None:
            continue
        for feed in platform.feeds:
            if url := absolute(_filled(feed.url, values)):
                how = f"known of this kind of address: {platform.title}"
                yield Candidate(url=url, title=feed.title, how=how, found="platform")


def _values(platform: Platform, urls: Sequence[str], page: str | None) -> dict[str, str] | None:
    """What the names stand for; None if the platform is another one."""
    if platform.page and page is None:
        return None
    for url in urls:
        for text in platform.match:
            values = _matched(_pattern(text), url)
            if values is not None:
                return _with_page(platform, values, page or "")
    return None


def _with_page(platform: Platform, values: dict[str, str], page: str) -> dict[str, str] | None:
    for text in platform.page:
        found = _sign(text).search(page)
        if found is None:
            return None
        values |= {name: _unescaped(value) for name, value in found.groupdict().items()}
    return values


def _matched(pattern: _Pattern, url: str) -> dict[str, str] | None:
    try:
        parts = urlsplit(url)
        host = _plain_host(parts.hostname or "")
    except ValueError:
        return None
    segments = [one for one in parts.path.split("/") if one]
    enough = (
        len(segments) >= len(pattern.segments) if pattern.more else len(segments) == len(pattern.segments)
    )
    found = pattern.host.fullmatch(host) if pattern.host else None
    if not enough or not host or (pattern.host and found is None):
        return None
    values = {
        "origin": f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}",
        "host": parts.netloc.rpartition("@")[2],
        "path": parts.path.rstrip("/"),
        "url": f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path.rstrip('/')}",
        **(found.groupdict() if found else {}),
    }
    rest = [(one, segment) for one, segment in zip(pattern.segments, segments, strict=False)]
    query = _parameters(parts.query) if pattern.parameters else {}
    rest += [(one, query.get(name, "")) for name, one in pattern.parameters.items()]
    for expression, value in rest:
        matched = expression.fullmatch(value)
        if matched is None:
            return None
        values |= matched.groupdict()
    return values


def _parameters(query: str) -> dict[str, str]:
    """Names and values, the values fit to stand in an address again."""
    return {name: quote(value, safe="") for name, value in parse_qsl(query)[:_MOST_PARAMETERS]}


def _filled(template: str, values: Mapping[str, str]) -> str:
    return _NAME.sub(lambda name: values[name[1]], template)


# ---- patterns ---------------------------------------------------------------------------------------


@lru_cache(maxsize=1_024)
def _pattern(text: str) -> _Pattern:
    """:raises ValueError: with a sentence that says what a pattern looks like."""
    address, _, query = text.partition("?")
    host, _, path = address.partition("/")
    if "://" in text or not host or (host != ANY_HOST and _OTHER_HOSTS.search(host)):
        raise ValueError(f"{text!r} is no pattern: write one like example.org/{{user}} or */@{{user}}")
    segments = [one for one in path.split("/") if one]
    more = segments[-1:] == [MORE]
    return _Pattern(
        host=None if host == ANY_HOST else _expression(_plain_host(host.lower()), text, "[^./]"),
        segments=tuple(_expression(one, text, "[^/]") for one in (segments[:-1] if more else segments)),
        parameters={
            name: _expression(value, text, ".")
            for name, _, value in (pair.partition("=") for pair in query.split("&") if pair)
        },
        more=more,
    )


def _plain_host(host: str) -> str:
    host = host.rstrip(".")
    return next((host.removeprefix(head) for head in _HEADS if host.startswith(head)), host)


def _expression(text: str, whole: str, character: str) -> re.Pattern[str]:
    """Literal text around names. One name a segment: two beside each other could be read in many ways."""
    parts = _NAME.split(text)
    most = text.count(".") + 1 if character == "[^./]" else 1
    if "{" in "".join(parts[::2]) or "}" in "".join(parts[::2]) or "" in parts[1::2]:
        raise ValueError(f"{whole!r}: a name in braces is made of the letters a to z")
    if len(parts) // 2 > most:
        raise ValueError(f"{whole!r}: {text!r} has more than one name")
    if len(set(parts[1::2])) < len(parts[1::2]):
        raise ValueError(f"{whole!r} has a name twice")
    pieces = [
        f"(?P<{part}>{character}{{1,{_LONGEST_VALUE}}})" if number % 2 else re.escape(part)
        for number, part in enumerate(parts)
    ]
    return re.compile("".join(pieces), re.IGNORECASE)


@lru_cache(maxsize=1_024)
def _sign(text: str) -> re.Pattern[str]:
    """What is looked for in a page. A name stands for all up to the character that follows it.

    :raises ValueError: if that is not clear.
    """
    parts = _NAME.split(text)
    pieces = [re.escape(parts[0])]
    if not parts[0].strip():
        raise ValueError(f"{text!r}: a text to look for cannot begin with a name")
    for name, after in zip(parts[1::2], parts[2::2], strict=True):
        if not after or not name:
            raise ValueError(f"{text!r}: a name must have letters, and be followed by what ends it")
        pieces.append(f"(?P<{name}>[^\\s<>{re.escape(after[0])}]{{1,{_LONGEST_VALUE}}}){re.escape(after)}")
    return re.compile("".join(pieces), re.IGNORECASE)


def _unescaped(value: str) -> str:
    r"""As it is meant: ``\/`` and ``\u0026`` are JSON's, ``&amp;`` is HTML's; fit to stand in an address."""
    plain = html.unescape(value.replace("\\/", "/").replace("\\u0026", "&"))
    return quote(plain, safe="/?:@!$&'()*+,;=%~#")
