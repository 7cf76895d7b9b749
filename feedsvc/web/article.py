"""How is one article shown on a page of its own?

For who wants to read it here, or to point to it when its origin is gone. The original stays the one that
counts: it is named at the top, and search engines are told so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import unquote, urlsplit

from flask import Blueprint, current_app, make_response, redirect, render_template, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from feedsvc.config import ALL, Config
from feedsvc.errors import NotFound
from feedsvc.model import AMOUNTS, Amount, ArticleRecord, Author, Enclosure, Image
from feedsvc.model import Article as Written
from feedsvc.refine.amount import cut_to
from feedsvc.services import Services
from feedsvc.web import views, wire, words
from feedsvc.web.errors import answer
from feedsvc.web.prose import prose
from feedsvc.web.views import Moment

article = Blueprint("article", __name__)

Kind = Literal["audio", "video", "image", "file"]

GONE: Final = {
    "hidden": "This article was taken out of these feeds.",
    "retracted": "This article was withdrawn by its source.",
    "pruned": "This article is so old that it is not kept here any more.",
}
CHANGED_AFTER: Final = 60  # seconds from publication; sooner it is no news
# Where a source names no type, which is rare, the end of the address says enough for a player.
_ENDINGS: Final[dict[str, Kind]] = {
    **dict.fromkeys(("mp3", "m4a", "ogg", "oga", "opus", "wav", "flac", "aac"), "audio"),
    **dict.fromkeys(("mp4", "m4v", "webm", "ogv", "mov"), "video"),
    **dict.fromkeys(("jpg", "jpeg", "png", "gif", "webp", "avif"), "image"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """An enclosure; ``facts`` are its type, size and duration as far as they are known."""

    url: str
    name: str
    kind: Kind
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the page of an article shows. ``cut``: it may not be shown whole. ``feeds``: (key, title) of
    the categories that it is in."""

    title: str
    link: str | None
    source: str
    source_link: str | None
    source_id: str
    authors: Sequence[Author]
    language: str | None
    published: Moment
    changed: Moment | None
    body: Markup
    text: str  # the beginning of it, plain
    cut: bool
    image: Image | None
    files: Sequence[File]
    tags: Sequence[str]
    rights: str | None
    via: str | None
    via_title: str | None
    feeds: Sequence[tuple[str, str]]
    canonical: str
    pictures: bool


@article.get("/a/<path:address>")
def page(address: str) -> AnyResponse:
    """``address`` is what ``words.address`` wrote, or the id of an article, which leads there for good."""
    services: Services = current_app.extensions["feedsvc.services"]
    record = _find(services, address)
    if record is None:
        return answer(404)
    config = services.config()
    public = _public_feeds(services, config, record)
    if not public or record.state == "held":
        return answer(404)
    if record.state != "live":
        return answer(410, GONE[record.state])
    right = words.address(record.entry)
    if address != right:
        return redirect(url_for("article.page", address=right), 301)
    reading = _reading(services, config, record, public)
    response = make_response(
        render_template("article.html", reading=reading, indexed=config.site.index_articles)
    )
    # Whoever serves the pictures need not know what is read here.
    response.headers["Referrer-Policy"] = "no-referrer"
    if reading.pictures:
        response.headers["Content-Security-Policy"] = wire.WITH_PICTURES
    return response


def _find(services: Services, address: str) -> ArticleRecord | None:
    number = words.read_address(address)
    if number is not None:
        found = services.store.article_numbered(number)
        return found if found and words.address(found.entry) == address else None
    try:
        return services.store.article(address)
    except NotFound:
        return None


def _public_feeds(services: Services, config: Config, record: ArticleRecord) -> tuple[str, ...]:
    """The feeds that anybody may read and that it is in, or was: those of its source, where it is gone."""
    inside = record.feeds if record.state == "live" else services.store.homes(record.source_id)
    there = config.open_feeds(services.clock())
    return tuple(key for key in there if key in inside and config.is_public(key))


def _reading(services: Services, config: Config, record: ArticleRecord, public: Sequence[str]) -> Reading:
    now, entry = services.clock(), record.entry
    amount = most_shown(config, record.source_id, public)
    written = cut_to(entry.article, amount)
    body = written.content or written.summary
    pictures = config.site.pictures
    changed = (entry.updated - entry.published).total_seconds() >= CHANGED_AFTER
    here = f"{config.base_url()}/a/{words.address(entry)}"
    return Reading(
        title=written.title,
        link=written.link,
        source=entry.origin.title,
        source_link=entry.origin.link,
        source_id=record.source_id,
        authors=written.authors,
        language=written.language,
        published=views.moment(entry.published, now),
        changed=views.moment(entry.updated, now) if changed else None,
        body=prose(body, pictures=pictures),
        text=words.excerpt(written),
        cut=amount != "full",
        image=_image(written) if pictures else None,
        files=tuple(map(_file, written.enclosures)),
        tags=written.tags,
        rights=written.rights or _rights(config, record.source_id, public),
        via=written.via,
        via_title=written.via_title,
        feeds=_named(services, config, public),
        canonical=written.link or here,
        pictures=pictures,
    )


def most_shown(config: Config, source_id: str, public: Sequence[str]) -> Amount:
    """What one of the feeds shows anybody, this page may show."""
    return min((config.amount(key, source_id) for key in public), key=AMOUNTS.index)


def _rights(config: Config, source_id: str, public: Sequence[str]) -> str | None:
    return next(filter(None, (config.rights(key, source_id) for key in public)), None)


def _named(services: Services, config: Config, public: Sequence[str]) -> list[tuple[str, str]]:
    """The feed of everything goes without saying."""
    feeds = (config.feed(key, updated=views.NEVER, tag=services.tag) for key in public if key != ALL)
    return [(feed.key, feed.title) for feed in feeds]


def _image(written: Written) -> Image | None:
    """The lead picture, unless the text or a file shows it anyhow."""
    if written.image is None:
        return None
    url = written.image.url
    shown = str(Markup.escape(url)) in written.content or any(one.url == url for one in written.enclosures)
    return None if shown else written.image


def _file(enclosure: Enclosure) -> File:
    path = urlsplit(enclosure.url).path
    facts = (
        enclosure.type,
        words.size(enclosure.length) if enclosure.length else None,
        words.duration(enclosure.duration) if enclosure.duration else None,
    )
    name = enclosure.title or unquote(path.rpartition("/")[2]) or urlsplit(enclosure.url).netloc
    return File(url=enclosure.url, name=name, kind=_kind(enclosure, path), facts=tuple(filter(None, facts)))


def _kind(enclosure: Enclosure, path: str) -> Kind:
    for kind in ("audio", "video", "image"):
        if (enclosure.type or "").lower().startswith(f"{kind}/"):
            return kind
    return "file" if enclosure.type else _ENDINGS.get(path.rpartition(".")[2].lower(), "file")
