"""What would be collected from an address, a file or a source, as it would be published?"""

import mimetypes
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, cast

import click
from pydantic import ValidationError

from feedsvc.addresses import is_web_address, show_url
from feedsvc.bootstrap import open_services, open_store
from feedsvc.cli.output import counted, json_line, plain, say, table, write
from feedsvc.cli.root import FAILED, PARTIAL
from feedsvc.cli.session import Options
from feedsvc.collect import preview as look
from feedsvc.config import Config, default_tag
from feedsvc.config.explain import explain
from feedsvc.config.suggest import naming
from feedsvc.errors import BadStatus, FeedsvcError, NotFound, ParseError
from feedsvc.follow import explained
from feedsvc.formats import render
from feedsvc.model import FORMATS, Article, Document, Entry, Feed, Format, NewArticle, Origin, Source
from feedsvc.pages import page
from feedsvc.services import Services
from feedsvc.sources import TYPES, json_feed
from feedsvc.sources.defuse import root_name

NAME: Final = "preview"  # id of a source that is not configured
TABLE: Final = "table"
EPOCH: Final = datetime.fromtimestamp(0, UTC)
_ROOTS: Final = {
    **dict.fromkeys(("rss", "feed", "rdf", "channel"), "feed"),
    **dict.fromkeys(("urlset", "sitemapindex"), "sitemap"),
}
UNKNOWN: Final = "https://unknown.invalid/"  # where a file came from, unless --url says


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What was asked for (``name``), as a source and, where it is a file, with its bytes."""

    name: str
    source: Source
    document: Document | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the options say of the targets; ``selectors`` as a page source has them."""

    url: str | None = None
    kind: str | None = None
    selectors: Mapping[str, Any] = field(default_factory=dict)


@click.command()
@click.argument("targets", nargs=-1, required=True, metavar="URL|FILE|ID...")
@click.option("--url", metavar="URL", help="The address that a FILE came from, for its relative links.")
@click.option("--type", "kind", type=click.Choice(list(TYPES)), help="Source type of a URL or FILE.")
@click.option(
    "--format",
    "form",
    type=click.Choice([TABLE, *FORMATS]),
    default=TABLE,
    show_default=True,
    help="A list, or the feed that the articles would make.",
)
@click.option("--item", metavar="CSS", help="What each article of a page is in: CSS or XPath.")
@click.option("--title", metavar="CSS", help="Where in it its title is, e.g. 'h2 ::text'.")
@click.option("--link", metavar="CSS", help="Where its link is, e.g. 'h2 a::attr(href)'.")
@click.option("--date", metavar="CSS", help="Where its date is, e.g. 'time::attr(datetime)'.")
@click.option("--summary", metavar="CSS", help="Where its summary is.")
@click.option("--image", metavar="CSS", help="Where its picture is.")
@click.option("--author", metavar="CSS", help="Where its author is.")
@click.pass_context
def preview(
    ctx: click.Context,
    /,
    targets: tuple[str, ...],
    *,
    url: str | None,
    kind: str | None,
    form: str,
    item: str | None,
    **fields: str | None,
) -> None:
    """Fetch, parse and clean, and show the articles; nothing is stored.

    What a URL or FILE is, is seen from its bytes, unless --type says it. A directory is read as a folder
    source, - is stdin. Selectors make it a page, or try them out on a source of that type. Exit code 4:
    some failed, 1: all did.
    """
    if form != TABLE and len(targets) > 1:
        raise click.UsageError(f"--format {form} makes one document: give one URL, FILE or ID")
    options = Options.of(ctx)
    options.log()
    config = options.load_or_default()
    asked = Asked(url=url, kind=kind, selectors=_selectors(item, fields))
    with _services(config) as services:
        failed = sum(not _shown(options, services, config, name, asked, form=form) for name in targets)
    ctx.exit(0 if not failed else FAILED if failed == len(targets) else PARTIAL)


def _shown(
    options: Options,
    services: Services,
    config: Config,
    name: str,
    asked: Asked,
    *,
    form: str,
) -> bool:
    """Show one target; False if it failed, which is told."""
    shown = show_url(name) if is_web_address(name) else plain(name)
    try:
        target = _target(services, config, name, asked)
        found = look(services, target.source, target.document)
        if form != TABLE:
            write(_document(config, target, found, cast("Format", form)), None)
    except FeedsvcError as error:
        click.echo(f"{click.style('error:', fg='red')} {shown}: {plain(error)}", err=True)
        return False
    if form == TABLE and options.as_json:
        for one in found:
            told = {"evidence": one.evidence} if one.evidence else {}
            json_line({"file": shown, "id": one.ids[0], **_facts(one.article), **told})
    elif form == TABLE:
        _print(shown, found)
    return True


def _document(config: Config, target: Target, found: list[NewArticle], form: Format) -> bytes:
    """The feed that these articles alone would make. Raises RenderError."""
    source = target.source
    tag = default_tag(config)
    iri = source.public_url or f"tag:{tag}:source:{source.id}"
    origin = Origin(id=source.id, title=source.title or source.id, iri=iri)
    entries = [
        Entry(
            id=one.ids[0],
            article=one.article,
            published=one.article.published,
            updated=one.article.updated or one.article.published,
            origin=origin,
        )
        for one in found
    ]
    entries.sort(key=lambda entry: (entry.published, entry.id), reverse=True)
    address = source.public_url or UNKNOWN
    feed = Feed(
        key=NAME,
        id=f"tag:{tag}:{NAME}:{source.id}",
        title=source.title or plain(target.name),
        description=f"What would be collected from {show_url(source.location)}",
        language=source.language,
        page_url=address,
        urls=dict.fromkeys(FORMATS, address),
        updated=max((entry.updated for entry in entries), default=EPOCH),
        site_title=config.site.title,
    )
    return render(form, feed, entries).body


def _print(name: str, found: list[NewArticle]) -> None:
    columns = ["published", "title", "link"]
    if any(one.evidence for one in found):
        columns.append("found by")
    rows = (
        (_when(one.article), one.article.title, one.article.link or "", one.evidence or "") for one in found
    )
    table(tuple(columns), (row[: len(columns)] for row in rows), empty=f"{name}: no articles in it")
    say(f"{name}: {counted(len(found), 'article')}, nothing was stored")


def _when(article: Article) -> str:
    flag = f" ({article.date_flag})" if article.date_flag else ""
    return f"{article.published:%Y-%m-%d %H:%M}{flag}"


def _facts(article: Article) -> dict[str, Any]:
    return {name: getattr(article, name) for name in article.__dataclass_fields__}


@contextmanager
def _services(config: Config) -> Iterator[Services]:
    """The services by themselves: nothing is read from the project's store, and nothing is written to it."""
    with tempfile.TemporaryDirectory(prefix="feedsvc-") as directory:
        services = open_services(open_store(f"sqlite:///{Path(directory) / 'preview.db'}"), config)
        try:
            yield services
        finally:
            services.close()


def _target(services: Services, config: Config, name: str, asked: Asked) -> Target:
    """:raises NotFound: if it is no address, no file and no configured source. :raises FetchError:"""
    known = {source.id: source for source in config.sources}
    if name in known:
        return Target(name=name, source=_with_selectors(known[name], asked))
    if is_web_address(name):
        return _address(services, name, asked)
    if name == "-" or Path(name).is_file():
        return _file(name, asked)
    if Path(name).is_dir():
        return Target(name=name, source=_source(asked.kind or "folder", path=str(Path(name).resolve())))
    raise NotFound(f"no address, no file and no source: {naming('source', name, known)}")


def _address(services: Services, name: str, asked: Asked) -> Target:
    """Fetched once: what it is, is seen from what comes."""
    kind = asked.kind or ("page" if asked.selectors else None)
    if kind is not None:
        return Target(name=name, source=_source(kind, url=name, **asked.selectors))
    try:
        document = services.fetcher.get(TYPES["page"].start(_source("page", url=name)), configured=True)
    except BadStatus as error:
        raise explained(error) from error
    assert isinstance(document, Document), "asked unconditionally"
    return Target(name=name, source=_source(_kind_of(document), url=name), document=document)


def _file(name: str, asked: Asked) -> Target:
    try:
        with click.open_file(name, "rb") as stream:
            body = stream.read()
    except OSError as error:
        raise NotFound(f"{error.strerror}") from error
    address = asked.url or UNKNOWN
    media_type = mimetypes.guess_type(name)[0]
    document = Document(url=address, body=body, headers={"content-type": media_type} if media_type else {})
    kind = asked.kind or ("page" if asked.selectors else _kind_of(document))
    return Target(name=name, source=_source(kind, url=address, **asked.selectors), document=document)


def _kind_of(document: Document) -> str:
    """The source type that reads such bytes; that of feeds says best what else came."""
    root = root_name(document.body).rpartition(":")[2].lower()
    if root in _ROOTS or json_feed.looks_like_one(document.body):
        return _ROOTS.get(root, "feed")
    try:
        page.read(document)
    except ParseError:
        return "feed"
    return "page"


def _selectors(item: str | None, fields: Mapping[str, str | None]) -> Mapping[str, Any]:
    given = {name: text for name, text in fields.items() if text is not None}
    return {**({"item": item} if item is not None else {}), **({"fields": given} if given else {})}


def _with_selectors(source: Source, asked: Asked) -> Source:
    """A configured page with other selectors, as a trial."""
    if not asked.selectors:
        return source
    if source.type != "page":
        raise NotFound(f"{source.id} is of type {source.type}: selectors are for pages")
    own = source.model_dump(exclude_unset=True)
    fields = {**own.get("fields", {}), **asked.selectors.get("fields", {})}
    return _validated("page", {**own, **asked.selectors, "fields": fields})


def _source(kind: str, **options: Any) -> Source:
    """:raises NotFound: if a source of that type cannot be made of what was given."""
    return _validated(kind, {"id": NAME, "type": kind, **options})


def _validated(kind: str, values: Mapping[str, Any]) -> Source:
    model = TYPES[kind].model
    try:
        source: Source = model.model_validate(values)
    except ValidationError as error:
        raise NotFound(explain(error.errors()[0], model)) from error
    return source
