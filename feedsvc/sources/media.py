"""Which files and which picture belong to a feed's entry (enclosures, Media RSS, iTunes)?"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import urlsplit

from feedsvc.model import Enclosure, Image

Details = Mapping[str, Any]

_PICTURES: Final = frozenset({".avif", ".bmp", ".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp"})
_DEAD: Final = "application/x-shockwave-flash"  # no reader plays it any more


def enclosures(entry: Details) -> tuple[Enclosure, ...]:
    """The attached files, each once: what one element does not say of a file, another may.

    Pictures of Media RSS are files only if they are not the entry's picture in another size.
    """
    found: dict[str, Enclosure] = {}
    lead = image(entry)
    for one in (*_enclosed(entry), *_media_files(entry, lead), *_out_of_line(entry)):
        known = found.get(one.url)
        found[one.url] = _merged(known, one) if known else one
    playing = duration(entry.get("itunes_duration"))
    if playing is not None and len(found) == 1:
        found = {url: replace(one, duration=one.duration or playing) for url, one in found.items()}
    return tuple(found.values())


def image(entry: Details) -> Image | None:
    """The picture of an entry: the widest that Media RSS offers, else iTunes', else an enclosed one."""
    offered = [*_thumbnails(entry), *_media_pictures(entry)]
    if offered:
        return max(offered, key=lambda one: one.width or 0)
    whole = entry.get("image")
    address = _text(whole.get("href") or whole.get("url")) if isinstance(whole, Mapping) else None
    if address:
        return Image(url=address)
    return next(
        (Image(url=one.url) for one in _enclosed(entry) if (one.type or "").startswith("image/")), None
    )


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _dicts(value: object) -> list[Details]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _number(value: object) -> int | None:
    """A count that is written as one, "12.5" included; None for anything else."""
    text = (_text(value) or "").partition(".")[0]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def duration(value: object) -> int | None:
    """Seconds of "754", "12:34" or "1:02:03"."""
    parts = [_number(part) for part in (_text(value) or "").split(":")]
    if not 1 <= len(parts) <= 3:
        return None
    seconds = 0
    for part in parts:
        if part is None:
            return None
        seconds = seconds * 60 + part
    return seconds


def _enclosed(entry: Details) -> Iterator[Enclosure]:
    for link in _dicts(entry.get("links")):
        url = _text(link.get("href") or link.get("url"))
        if link.get("rel") == "enclosure" and url:
            yield Enclosure(
                url=url,
                type=_text(link.get("type")),
                length=_number(link.get("length")),
                title=_text(link.get("title")),
            )


def _media_files(entry: Details, lead: Image | None) -> Iterator[Enclosure]:
    for one in _dicts(entry.get("media_content")):
        url = _text(one.get("url"))
        if not url or one.get("type") == _DEAD:
            continue
        if _is_picture(one) and lead is not None and _place(url) == _place(lead.url):
            continue
        yield Enclosure(
            url=url,
            type=_text(one.get("type")),
            length=_number(one.get("filesize")),
            duration=duration(one.get("duration")),
        )


def _out_of_line(entry: Details) -> Iterator[Enclosure]:
    """Atom content that is elsewhere (RFC 4287 4.1.3.2) and no page."""
    for one in _dicts(entry.get("content")):
        url, kind = _text(one.get("src")), _text(one.get("type")) or ""
        if url and kind not in {"text/html", "text/plain", "application/xhtml+xml"}:
            yield Enclosure(url=url, type=kind or None)


def _media_pictures(entry: Details) -> Iterator[Image]:
    for one in _dicts(entry.get("media_content")):
        if _is_picture(one) and (url := _text(one.get("url"))):
            yield _sized(url, one)


def _thumbnails(entry: Details) -> Iterator[Image]:
    for one in _dicts(entry.get("media_thumbnail")):
        if url := _text(one.get("url")):
            yield _sized(url, one)


def _sized(url: str, one: Details) -> Image:
    return Image(url=url, width=_number(one.get("width")), height=_number(one.get("height")))


def _is_picture(one: Details) -> bool:
    """By medium, else by type, else by the end of the address."""
    medium, kind = _text(one.get("medium")), _text(one.get("type"))
    if medium or kind:
        return medium == "image" or (kind or "").startswith("image/")
    return PurePosixPath(_place(_text(one.get("url")) or "")).suffix.lower() in _PICTURES


def _place(url: str) -> str:
    """The address without its query, in which pictures are asked for in sizes."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return f"{parts.netloc}{parts.path}"


def _merged(one: Enclosure, other: Enclosure) -> Enclosure:
    return Enclosure(
        url=one.url,
        type=one.type or other.type,
        length=one.length or other.length,
        title=one.title or other.title,
        duration=one.duration or other.duration,
    )
