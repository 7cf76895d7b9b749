"""What does every format show of an article, and in which shape?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from feedsvc.errors import RenderError
from feedsvc.formats.resources import media_type, uri
from feedsvc.formats.texts import directed, language_tag
from feedsvc.model import Author, Enclosure, Entry, Image, Origin, Person, Podcast


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file with a media type, known, guessed or the general one; ``length`` 0 and None mean unknown."""

    url: str
    type: str
    length: int = 0
    title: str | None = None
    duration: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An entry as all formats show it: URIs in ASCII, times in UTC and whole seconds, known languages only.

    ``permalink`` says that the id is the link. ``summary`` is empty where it says the same as ``content``.
    """

    id: str
    permalink: bool
    link: str | None
    title: str
    summary: str
    content: str
    published: datetime
    updated: datetime
    language: str | None
    authors: tuple[Author, ...]
    tags: tuple[str, ...]
    attachments: tuple[Attachment, ...]
    image: Image | None
    podcast: Podcast | None
    rights: str | None
    via: str | None
    via_title: str | None
    origin: Origin


def items(entries: Sequence[Entry]) -> tuple[list[Item], list[RenderError]]:
    """Newest first by (published, id), without those that no format can show; these are told."""
    shown: list[Item] = []
    dropped: list[RenderError] = []
    for entry in sorted(entries, key=_rank, reverse=True):
        try:
            shown.append(_item(entry))
        except ValueError as error:
            dropped.append(unfit(entry.id, error))
    return shown, dropped


def enclosure(item: Item) -> Attachment | None:
    """The one file that readers of RSS expect: the first on a host that others can have, too (the RSS
    profile wants a full name, and validators take ``https://nas/`` for an error)."""
    return next((file for file in item.attachments if "." in (urlsplit(file.url).hostname or "")), None)


def unfit(article_id: str, error: Exception) -> RenderError:
    """``error`` as it is told of the article."""
    told = RenderError(article_id, f"article {article_id!r} was left out: {error}")
    told.__cause__ = error
    return told


def utc(moment: datetime) -> datetime:
    """In UTC and whole seconds, as all formats can say it; ValueError without a zone."""
    if moment.tzinfo is None:
        raise ValueError(f"the date {moment.isoformat()} names no zone")
    return moment.astimezone(UTC).replace(microsecond=0)


def _rank(entry: Entry) -> tuple[datetime, str]:
    # A date without a zone is refused later, with its article's name; it must not stop the sorting.
    published = entry.published
    return (published if published.tzinfo else published.replace(tzinfo=UTC)), entry.id


def _item(entry: Entry) -> Item:
    article = entry.article
    if not article.title.strip():
        raise ValueError("it has no title")
    language = language_tag(article.language)
    link = uri(article.link) if article.link else None
    return Item(
        id=entry.id,
        permalink=entry.id == link,
        link=link,
        title=article.title,
        summary=directed("" if article.summary == article.content else article.summary, language),
        content=directed(article.content, language),
        published=utc(entry.published),
        updated=utc(entry.updated),
        language=language,
        authors=tuple(author for author in article.authors if author.name.strip()),
        tags=tuple(tag for tag in article.tags if tag.strip()),
        attachments=tuple(map(_attachment, article.enclosures)),
        image=_image(article.image),
        podcast=_podcast(article.podcast),
        rights=article.rights,
        via=uri(article.via) if article.via else None,
        via_title=article.via_title,
        origin=_origin(entry.origin),
    )


def _attachment(enclosure: Enclosure) -> Attachment:
    return Attachment(
        url=uri(enclosure.url),
        type=media_type(enclosure.type, enclosure.url),
        length=max(enclosure.length or 0, 0),
        title=enclosure.title,
        duration=enclosure.duration,
    )


def _image(image: Image | None) -> Image | None:
    return image and replace(image, url=uri(image.url))


def _podcast(podcast: Podcast | None) -> Podcast | None:
    return podcast and replace(
        podcast,
        chapters=uri(podcast.chapters) if podcast.chapters else None,
        transcripts=tuple(
            replace(one, url=uri(one.url), type=media_type(one.type, one.url)) for one in podcast.transcripts
        ),
        people=tuple(map(_person, podcast.people)),
    )


def _person(person: Person) -> Person:
    return replace(
        person,
        url=uri(person.url) if person.url else None,
        image=uri(person.image) if person.image else None,
    )


def _origin(origin: Origin) -> Origin:
    return Origin(
        id=origin.id,
        title=origin.title,
        iri=origin.iri,
        link=uri(origin.link) if origin.link else None,
        feed_url=uri(origin.feed_url) if origin.feed_url else None,
        updated=utc(origin.updated) if origin.updated else None,
    )
