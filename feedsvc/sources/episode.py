"""What does a feed's entry say of itself as an episode of a podcast?

iTunes: https://help.apple.com/itc/podcasts_connect/ ; Podcasting 2.0: https://podcastindex.org/namespace/1.0
Where both say the same, iTunes' is taken: nearly all write it.
"""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from feedsvc.model import Person, Podcast, Soundbite, Transcript
from feedsvc.sources.media import duration
from feedsvc.sources.vocabulary import name_of, text_of

if TYPE_CHECKING:
    from lxml import etree

_NUMBER: Final = re.compile(r"\s*(?:(?:no|nr|e|ep|s|#)\.?\s*)?(\d{1,9})\s*", re.IGNORECASE | re.ASCII)
_SECONDS: Final = re.compile(r"\d{1,9}(?:\.\d{1,6})?", re.ASCII)
_YES: Final = frozenset({"explicit", "true", "yes"})
_NO: Final = frozenset({"clean", "false", "no"})
_MOST: Final = 1_000  # elements of one kind in an entry

_Found: TypeAlias = Mapping[tuple[str, str], "list[etree._Element]"]


def episode(entry: "etree._Element") -> Podcast | None:
    """None where the entry says nothing in these vocabularies."""
    found: dict[tuple[str, str], list[etree._Element]] = {}
    for child in entry.iterchildren("{*}*"):
        name = name_of(child)
        if name[0] in {"itunes", "podcast"} and len(found.setdefault(name, [])) < _MOST:
            found[name].append(child)
    if not found:
        return None
    podcast = _podcast(found)
    return None if podcast == Podcast() else podcast


def _podcast(found: _Found) -> Podcast:
    def itunes(name: str) -> str | None:
        return next((text for one in found.get(("itunes", name), ()) if (text := text_of(one))), None)

    number, name = _numbered(found, "episode", "display")
    season, season_name = _numbered(found, "season", "name")
    chapters = _first(found, "chapters")
    return Podcast(
        title=itunes("title"),
        subtitle=itunes("subtitle"),
        summary=itunes("summary"),
        author=itunes("author"),
        duration=duration(itunes("duration")),
        explicit=_yes_or_no(itunes("explicit")),
        block=_yes_or_no(itunes("block")) is True,
        episode=number,
        episode_name=name,
        season=season,
        season_name=season_name,
        kind=_kind(itunes("episodeType")),
        chapters=_attribute(chapters, "url"),
        chapters_type=_attribute(chapters, "type"),
        transcripts=tuple(_transcript(one) for one in _with(found, "transcript", "url")),
        soundbites=tuple(filter(None, (_soundbite(one) for one in _all(found, "soundbite")))),
        people=tuple(filter(None, (_person(one) for one in _all(found, "person")))),
        location=_text(_first(found, "location")),
        license=_text(_first(found, "license")),
    )


# ---- elements of Podcasting 2.0 ---------------------------------------------------------------------


def _all(found: _Found, name: str) -> "list[etree._Element]":
    return found.get(("podcast", name), [])


def _with(found: _Found, name: str, attribute: str) -> "list[etree._Element]":
    return [one for one in _all(found, name) if _attribute(one, attribute)]


def _first(found: _Found, name: str) -> "etree._Element | None":
    return next(iter(_all(found, name)), None)


def _text(element: "etree._Element | None") -> str | None:
    return None if element is None else text_of(element)


def _attribute(element: "etree._Element | None", name: str) -> str | None:
    value = None if element is None else element.get(name)
    return (value or "").strip() or None


def _transcript(element: "etree._Element") -> Transcript:
    return Transcript(
        url=_attribute(element, "url") or "",
        type=_attribute(element, "type"),
        language=_attribute(element, "language"),
        captions=_attribute(element, "rel") == "captions",
    )


def _soundbite(element: "etree._Element") -> Soundbite | None:
    start, lasting = _seconds(element.get("startTime")), _seconds(element.get("duration"))
    if start is None or not lasting:
        return None
    return Soundbite(start=start, duration=lasting, title=text_of(element))


def _person(element: "etree._Element") -> Person | None:
    name = text_of(element)
    if name is None:
        return None
    return Person(
        name=name,
        role=_attribute(element, "role"),
        group=_attribute(element, "group"),
        url=_attribute(element, "href"),
        image=_attribute(element, "img"),
    )


# ---- values -----------------------------------------------------------------------------------------


def _numbered(found: _Found, name: str, shown_as: str) -> tuple[int | None, str | None]:
    """The number of a season or episode, and what is shown in its place ("315.5" is no number)."""
    of_itunes = next(iter(found.get(("itunes", name), ())), None)
    of_podcast = _first(found, name)
    number = _count(_text(of_itunes)) or _count(_text(of_podcast))
    shown = _attribute(of_podcast, shown_as)
    return number, shown or (_text(of_podcast) if number is None else None)


def _count(text: str | None) -> int | None:
    """From 1 upwards."""
    found = _NUMBER.fullmatch(text or "")
    return int(found[1]) or None if found else None


def _seconds(text: str | None) -> float | None:
    found = _SECONDS.fullmatch((text or "").strip())
    return float(found[0]) if found else None


def _yes_or_no(text: str | None) -> bool | None:
    word = (text or "").lower()
    return True if word in _YES else False if word in _NO else None


def _kind(text: str | None) -> Literal["full", "trailer", "bonus"] | None:
    match (text or "").lower():
        case "full":
            return "full"
        case "trailer":
            return "trailer"
        case "bonus":
            return "bonus"
    return None
