"""What would be collected from an address, a file or a source, as it would be published?"""

import mimetypes
import os
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, cast

import click
from pydantic import ValidationError

from feedsvc.addresses import show_url
from feedsvc.bootstrap import make_fetcher, utc_now
from feedsvc.cli.output import counted, json_line, plain, say, table, write
from feedsvc.cli.root import FAILED, PARTIAL
from feedsvc.cli.session import Options
from feedsvc.collect import preview as look
from feedsvc.config import Config, default_tag
from feedsvc.config.explain import explain
from feedsvc.config.suggest import naming
from feedsvc.errors import ConfigError, FeedsvcError, NotFound
from feedsvc.formats import render
from feedsvc.model import FORMATS, Article, Document, Entry, Feed, Format, NewArticle, Origin, Source
from feedsvc.services import ConfigInForce, Services
from feedsvc.sources import TYPES
from feedsvc.store import Store

NAME: Final = "preview"  # id of a source that is not configured
TABLE: Final = "table"
EPOCH: Final = datetime.fromtimestamp(0, UTC)
UNKNOWN: Final = "https://unknown.invalid/"  # where a file came from, unless --url says


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What was asked for (``name``), as a source and, where it is a file, with its bytes."""

    name: str
    source: Source
    document: Document | None = None


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
@click.pass_context
def preview(
    ctx: click.Context, targets: tuple[str, ...], *, url: str | None, kind: str | None, form: str
) -> None:
    """Fetch, parse and clean, and show the articles; nothing is stored.

    A directory is read as a folder source, - is stdin. Exit code 4: some failed, 1: all did.
    """
    if form != TABLE and len(targets) > 1:
        raise click.UsageError(f"--format {form} makes one document: give one URL, FILE or ID")
    options = Options.of(ctx)
    options.log()
    config = _config(options)
    services = _services(config)
    failed = 0
    try:
        for name in targets:
            failed += not _shown(options, services, config, name, url=url, kind=kind, form=form)
    finally:
        services.close()
    ctx.exit(0 if not failed else FAILED if failed == len(targets) else PARTIAL)


def _shown(
    options: Options,
    services: Services,
    config: Config,
    name: str,
    *,
    url: str | None,
    kind: str | None,
    form: str,
) -> bool:
    """Show one target; False if it failed, which is told."""
    shown = show_url(name) if _is_address(name) else plain(name)
    try:
        target = _target(config, name, url=url, kind=kind)
        found = look(services, target.source, target.document)
        if form != TABLE:
            write(_document(config, target, found, cast("Format", form)), None)
    except FeedsvcError as error:
        click.echo(f"{click.style('error:', fg='red')} {shown}: {plain(error)}", err=True)
        return False
    if form == TABLE and options.as_json:
        for one in found:
            json_line({"file": shown, "id": one.ids[0], **_facts(one.article)})
    elif form == TABLE:
        _print(shown, [one.article for one in found])
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


def _print(name: str, articles: list[Article]) -> None:
    rows = (
        (f"{a.published:%Y-%m-%d %H:%M}{f' ({a.date_flag})' if a.date_flag else ''}", a.title, a.link or "")
        for a in articles
    )
    table(("published", "title", "link"), rows, empty=f"{name}: no articles in it")
    say(f"{name}: {counted(len(articles), 'article')}, nothing was stored")


def _facts(article: Article) -> dict[str, Any]:
    return {name: getattr(article, name) for name in article.__dataclass_fields__}


def _config(options: Options) -> Config:
    """That of the files; without any files what holds by default."""
    try:
        return options.load()
    except ConfigError:
        if options.config_dir.exists():
            raise
        return Config(listening=options.environment.listening())


def _services(config: Config) -> Services:
    """Enough of the services to look at a source. No file is made for a store that nobody writes to."""
    store = Store.open(f"sqlite:///{tempfile.gettempdir()}/feedsvc-preview-{os.getpid()}.sqlite")
    return Services(
        store=store,
        fetcher=make_fetcher(config),
        clock=utc_now,
        in_force=ConfigInForce(store, utc_now),
        tag=default_tag(config),
    )


def _target(config: Config, name: str, *, url: str | None, kind: str | None) -> Target:
    """:raises NotFound: if it is no address, no file and no configured source."""
    known = {source.id: source for source in config.sources}
    if name in known:
        return Target(name=name, source=known[name])
    if _is_address(name):
        return Target(name=name, source=_source(kind or "feed", url=name))
    if name == "-" or Path(name).is_file():
        return _file(name, url=url, kind=kind or "feed")
    if Path(name).is_dir():
        return Target(name=name, source=_source(kind or "folder", path=str(Path(name).resolve())))
    raise NotFound(f"no address, no file and no source: {naming('source', name, known)}")


def _is_address(name: str) -> bool:
    return name.partition(":")[0].lower() in {"http", "https"}


def _file(name: str, *, url: str | None, kind: str) -> Target:
    try:
        with click.open_file(name, "rb") as stream:
            body = stream.read()
    except OSError as error:
        raise NotFound(f"{error.strerror}") from error
    address = url or UNKNOWN
    media_type = mimetypes.guess_type(name)[0]
    document = Document(url=address, body=body, headers={"content-type": media_type} if media_type else {})
    return Target(name=name, source=_source(kind, url=address), document=document)


def _source(kind: str, **options: str) -> Source:
    """:raises NotFound: if a source of that type cannot be made of what was given."""
    model = TYPES[kind].model
    try:
        source: Source = model.model_validate({"id": NAME, "type": kind, **options})
    except ValidationError as error:
        raise NotFound(explain(error.errors()[0], model)) from error
    return source
