"""How does one take along what is published: the list of feeds, and the articles?"""

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from feedsvc.cli.output import jsonable, write
from feedsvc.cli.session import Options, session
from feedsvc.formats.opml import opml as render_opml

EPOCH = datetime.fromtimestamp(0, UTC)  # OPML names no dates of feeds
OUTPUT = click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="File; default: stdout."
)


@click.group()
def export() -> None:
    """Write the feeds as OPML, or all articles."""


@export.command()
@OUTPUT
@click.pass_context
def opml(ctx: click.Context, *, output: Path | None) -> None:
    """The published feeds as OPML: what a feed reader imports."""
    with session(Options.of(ctx)) as services:
        config = services.config()
        feeds = [config.feed(key, updated=EPOCH, tag=services.tag) for key in config.feed_keys()]
        write(render_opml(config.site.title, feeds), output)


@export.command()
@OUTPUT
@click.pass_context
def articles(ctx: click.Context, *, output: Path | None) -> None:
    """Every live article as JSON, one a line, the first one first."""
    with session(Options.of(ctx)) as services:
        records = services.store.all_articles()
        lines = (json.dumps(jsonable(record), ensure_ascii=True) for record in records)
        write("".join(f"{line}\n" for line in lines).encode(), output)
