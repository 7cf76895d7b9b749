"""How does one take along what is published: the list of feeds, the articles, the site whole?"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import click

from feedsvc.cli.output import counted, json_line, jsonable, plain, say, write
from feedsvc.cli.publishing import settle
from feedsvc.cli.root import PARTIAL
from feedsvc.cli.session import Options, scheduler_is_alive, session
from feedsvc.config import ALL, Config
from feedsvc.formats.opml import opml as render_opml
from feedsvc.formats.opml import subscriptions
from feedsvc.model import Source, Subscription
from feedsvc.services import Services

EPOCH = datetime.fromtimestamp(0, UTC)  # OPML names no dates of feeds
WAIT_TO_PUBLISH: Final = timedelta(seconds=60)
NAMED: Final = 10  # files
OUTPUT = click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="File; default: stdout."
)


@click.group()
def export() -> None:
    """Write the feeds as OPML, all articles, or the site as files."""


@export.command()
@OUTPUT
@click.option("--category", metavar="C", help="Only of this category.")
@click.option("--sources", is_flag=True, help="The feeds that are collected, in place of those published.")
@click.pass_context
def opml(ctx: click.Context, *, output: Path | None, category: str | None, sources: bool) -> None:
    """The published feeds as OPML: what a feed reader imports.

    With --sources the feeds that are collected, a folder a category; those whose address holds a secret are
    left out, and so are sources that are no feeds. 'feedsvc import opml' reads it back.
    """
    with session(Options.of(ctx)) as services:
        config = services.config()
        title = config.category(category).title if category else config.site.title
        keys = [f"c/{category}"] if category else config.feed_keys()
        if sources:
            write(subscriptions(title, _folders(services, config, category)), output)
            return
        feeds = [config.feed(key, updated=EPOCH, tag=services.tag) for key in keys if config.is_public(key)]
        write(render_opml(title, feeds), output)


def _folders(services: Services, config: Config, category: str | None) -> dict[str, list[Subscription]]:
    """The sources that are feeds, by the titles of their categories; "" has those without one."""
    states = {state.id: state for state in services.store.source_states()}
    listed: list[Source] = []
    folders: dict[str, list[Subscription]] = {}
    for known in config.categories:
        if category in {None, known.id}:
            folders[known.title] = []
    for source in config.sources_of(f"c/{category}" if category else ALL):
        if source.type != "feed" or source.public_url is None:
            continue
        listed.append(source)
        state = states.get(source.id)
        title = source.title or (state.title if state else None) or source.id
        page = state.link if state else None
        named = Subscription(title=title, url=source.public_url, page_url=page)
        for one in _titles(config, source, category):
            folders.setdefault(one, []).append(named)
    left_out = len(config.sources_of(f"c/{category}" if category else ALL)) - len(listed)
    if left_out:
        say(f"{counted(left_out, 'source')} left out: no feed, or an address with a secret in it")
    return {name: ones for name, ones in folders.items() if ones}


def _titles(config: Config, source: Source, category: str | None) -> list[str]:
    ids = [category] if category else list(source.categories)
    return [config.category(one).title for one in ids] or [""]


@export.command()
@OUTPUT
@click.pass_context
def articles(ctx: click.Context, *, output: Path | None) -> None:
    """Every live article as JSON, one a line, the first one first."""
    with session(Options.of(ctx)) as services:
        records = services.store.all_articles()
        lines = (json.dumps(jsonable(record), ensure_ascii=True) for record in records)
        write("".join(f"{line}\n" for line in lines).encode(), output)


@export.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
@click.option(
    "--older",
    type=click.IntRange(min=0, max=1000),
    default=4,
    show_default=True,
    metavar="N",
    help="Pages of older articles behind each list.",
)
@click.option("--overwrite", is_flag=True, help="Also files in the way that no export has written.")
@click.pass_context
def site(ctx: click.Context, directory: Path, *, older: int, overwrite: bool) -> None:
    """Everything that is published as files in DIR, for any web server: pages, feeds, their history, lists.

    Only what changed is touched, and what is not published any more is taken away; other files in DIR stay as
    they are. deploy/nginx.conf and deploy/Caddyfile serve it as the service itself would.
    """
    from feedsvc.export import CADDY, NGINX, export_site  # noqa: PLC0415 slow to import

    opts = Options.of(ctx)
    with session(opts) as services:
        if services.config().site.url is None:
            say(f"site.url is not set: every link leads to {services.config().base_url()}")
        if not scheduler_is_alive(services):
            settle(services, within=WAIT_TO_PUBLISH)
        done = export_site(services, directory, older=older, overwrite=overwrite)
    if opts.as_json:
        json_line(done)
    else:
        told = counted(len(done.written), "file")
        click.echo(f"{told} written, {len(done.removed)} removed, {done.kept} left as they were")
    if {NGINX, CADDY} & set(done.written):
        say(f"the web server must be reloaded: {directory / NGINX} and {directory / CADDY} have changed")
    if done.foreign:
        names = ", ".join(done.foreign[:NAMED]) + (" ..." if len(done.foreign) > NAMED else "")
        say(f"left alone, because no export wrote them: {plain(names)}; --overwrite replaces them")
        ctx.exit(PARTIAL)
