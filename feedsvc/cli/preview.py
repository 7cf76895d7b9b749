"""What would be collected from an address, a file or a source, as it would be published?"""

import mimetypes
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import click

from feedsvc.bootstrap import make_fetcher, utc_now
from feedsvc.cli.output import json_line, plain, say, table
from feedsvc.cli.root import FAILED, PARTIAL
from feedsvc.cli.session import Options
from feedsvc.collect import preview as look
from feedsvc.config import Config
from feedsvc.config.suggest import naming
from feedsvc.errors import ConfigError, FeedsvcError, NotFound
from feedsvc.model import Article, Document, Source
from feedsvc.services import ConfigInForce, Services
from feedsvc.sources import TYPES
from feedsvc.store import Store

NAME: Final = "preview"  # id of a source that is not configured
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
@click.option("--type", "kind", type=click.STRING, help="Source type of a URL or FILE; default: feed.")
@click.pass_context
def preview(ctx: click.Context, targets: tuple[str, ...], *, url: str | None, kind: str | None) -> None:
    """Fetch, parse and clean, and show the articles; nothing is stored.

    A directory is read as a folder source, - is stdin. Exit code 4: some failed, 1: all did.
    """
    options = Options.of(ctx)
    options.log()
    config = _config(options)
    services = _services(config)
    failed = 0
    try:
        for name in targets:
            failed += not _shown(options, services, config, name, url=url, kind=kind)
    finally:
        services.close()
    ctx.exit(0 if not failed else FAILED if failed == len(targets) else PARTIAL)


def _shown(
    options: Options, services: Services, config: Config, name: str, *, url: str | None, kind: str | None
) -> bool:
    """Show one target; False if it failed, which is told."""
    try:
        target = _target(config, name, url=url, kind=kind)
        articles = look(services, target.source, target.document)
    except FeedsvcError as error:
        click.echo(f"{click.style('error:', fg='red')} {plain(name)}: {plain(error)}", err=True)
        return False
    if options.as_json:
        for article in articles:
            json_line({"file": name, **_facts(article)})
    else:
        _print(name, articles)
    return True


def _print(name: str, articles: list[Article]) -> None:
    rows = (
        (f"{a.published:%Y-%m-%d %H:%M}{f' ({a.date_flag})' if a.date_flag else ''}", a.title, a.link or "")
        for a in articles
    )
    table(("published", "title", "link"), rows, empty=f"{plain(name)}: no articles in it")
    say(f"{plain(name)}: {len(articles)} articles, nothing was stored")


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
        tag=NAME,
    )


def _target(config: Config, name: str, *, url: str | None, kind: str | None) -> Target:
    """:raises NotFound: if it is no address, no file and no configured source."""
    known = {source.id: source for source in config.sources}
    if name in known:
        return Target(name=name, source=known[name])
    if urlsplit(name).scheme in {"http", "https"}:
        return Target(name=name, source=_source(kind or "feed", url=name))
    if name == "-" or Path(name).is_file():
        return _file(name, url=url, kind=kind or "feed")
    if Path(name).is_dir():
        return Target(name=name, source=_source(kind or "folder", path=str(Path(name).resolve())))
    raise NotFound(f"no address, no file and no source: {naming('source', name, known)}")


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
    if kind not in TYPES:
        raise NotFound(naming("source type", kind, TYPES))
    source: Source = TYPES[kind].model.model_validate({"id": NAME, "type": kind, **options})
    return source
