"""How is an episode of a podcast written in RSS, Atom and JSON?

iTunes (https://help.apple.com/itc/podcasts_connect/) and Podcasting 2.0
(https://podcastindex.org/namespace/1.0), which was made for RSS and is an extension like others in Atom.
JSON Feed knows no episodes: there it is an object of our own, ``_podcast``.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, Final, TypeAlias

from lxml import etree

from feedsvc.formats.document import Item
from feedsvc.formats.texts import language_tag
from feedsvc.model import Feed, Person, Podcast, Soundbite, Transcript

Element: TypeAlias = etree._Element
Attributes: TypeAlias = Mapping[str, str | int | float | None]

ITUNES: Final = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST: Final = "https://podcastindex.org/namespace/1.0"
_IMAGES: Final = (".jpeg", ".jpg", ".png")  # what iTunes allows
_LONGEST: Final = 255  # characters of a subtitle
_LONGEST_SUMMARY: Final = 4_000
_GUIDS: Final = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")  # of podcast:guid, by its specification


def namespaces(items: Iterable[Item]) -> dict[str, str]:
    """Those that a document with these items needs."""
    used: dict[str, str] = {}
    for item in items:
        if item.podcast is not None or _duration(item):
            used["itunes"] = ITUNES
        if item.podcast is not None and _has_more(item.podcast):
            used["podcast"] = PODCAST
    return used


def add_show(parent: Element, feed: Feed, items: Iterable[Item]) -> None:
    """What the feed says of itself as a show: it is nobody's own, so it has no owner and no category."""
    items = tuple(items)
    used = namespaces(items)
    if "itunes" in used:
        _itunes(parent, "author", feed.site_title)
        explicit = any(item.podcast is not None and item.podcast.explicit for item in items)
        _itunes(parent, "explicit", "true" if explicit else "false")
        if feed.icon_url and feed.icon_url.lower().endswith(_IMAGES):
            etree.SubElement(parent, f"{{{ITUNES}}}image", {"href": feed.icon_url})
    if "podcast" in used and (address := feed.urls.get("rss")):
        _podcast(parent, "guid", {}, guid(address))
        _podcast(parent, "locked", {}, "yes")  # nobody may move somebody else's episodes to himself


def guid(address: str) -> str:
    """The podcast:guid of a feed, by its address without scheme and closing slashes."""
    return str(uuid.uuid5(_GUIDS, address.partition("://")[2].rstrip("/")))


def add_episode(element: Element, item: Item) -> None:
    """To an item or entry: how long it plays, and what it is as an episode."""
    podcast = item.podcast or Podcast()
    _itunes(element, "title", podcast.title)
    _itunes(element, "author", podcast.author)
    _itunes(element, "duration", _duration(item))
    _itunes(element, "explicit", None if podcast.explicit is None else str(podcast.explicit).lower())
    _itunes(element, "episode", podcast.episode)
    _itunes(element, "season", podcast.season)
    _itunes(element, "episodeType", podcast.kind)
    _itunes(element, "subtitle", (podcast.subtitle or "")[:_LONGEST].strip())
    if item.content and item.summary:  # else readers on feedparser would have it in place of the only text
        _itunes(element, "summary", (podcast.summary or "")[:_LONGEST_SUMMARY].strip())
    _itunes(element, "block", "Yes" if podcast.block else None)
    if item.podcast is not None and item.image is not None and item.image.url.lower().endswith(_IMAGES):
        etree.SubElement(element, f"{{{ITUNES}}}image", {"href": item.image.url})
    _add_more(element, podcast)


def as_json(podcast: Podcast | None) -> dict[str, Any] | None:
    """The same for JSON Feed, under the names of the model; None if there is nothing to say."""
    said = {} if podcast is None else _without_nothing(asdict(podcast))
    return said or None


def _without_nothing(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: kept for key, one in value.items() if (kept := _without_nothing(one)) not in (None, [], {})
        }
    if isinstance(value, list | tuple):
        return [_without_nothing(one) for one in value]
    return value


def _duration(item: Item) -> int | None:
    """In seconds: the episode's, else that of its only file."""
    if item.podcast is not None and item.podcast.duration:
        return item.podcast.duration
    return item.attachments[0].duration if item.attachments else None


def _has_more(podcast: Podcast) -> bool:
    """Is there anything that iTunes has no word for?"""
    named = podcast.episode_name or podcast.season_name or podcast.location or podcast.license
    return bool(named or podcast.chapters or podcast.transcripts or podcast.soundbites or podcast.people)


def _add_more(element: Element, podcast: Podcast) -> None:
    for transcript in podcast.transcripts:
        _podcast(element, "transcript", _transcript(transcript))
    if podcast.chapters:
        kind = podcast.chapters_type or "application/json+chapters"
        _podcast(element, "chapters", {"url": podcast.chapters, "type": kind})
    for soundbite in podcast.soundbites:
        _podcast(element, "soundbite", _soundbite(soundbite), soundbite.title)
    for person in podcast.people:
        _podcast(element, "person", _person(person), person.name)
    if podcast.season and podcast.season_name:
        _podcast(element, "season", {"name": podcast.season_name}, str(podcast.season))
    if podcast.episode and podcast.episode_name:
        _podcast(element, "episode", {"display": podcast.episode_name}, str(podcast.episode))
    if podcast.location:
        _podcast(element, "location", {}, podcast.location)
    if podcast.license:
        _podcast(element, "license", {}, podcast.license)


def _transcript(one: Transcript) -> Attributes:
    rel = "captions" if one.captions else None
    kind = one.type or "text/plain"
    return {"url": one.url, "type": kind, "language": language_tag(one.language), "rel": rel}


def _soundbite(one: Soundbite) -> Attributes:
    return {"startTime": f"{one.start:g}", "duration": f"{one.duration:g}"}


def _person(one: Person) -> Attributes:
    return {"role": one.role, "group": one.group, "img": one.image, "href": one.url}


def _itunes(element: Element, name: str, text: str | int | None) -> None:
    if text:
        etree.SubElement(element, f"{{{ITUNES}}}{name}").text = str(text)


def _podcast(element: Element, name: str, attributes: Attributes, text: str | None = None) -> None:
    said = {key: str(value) for key, value in attributes.items() if value is not None}
    etree.SubElement(element, f"{{{PODCAST}}}{name}", said).text = text
