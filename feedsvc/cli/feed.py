"""What does a subscriber of a feed get, byte for byte?"""

import time
from pathlib import Path
from typing import get_args

import click

from feedsvc.cli.output import write
from feedsvc.cli.session import Options, session
from feedsvc.config import ALL
from feedsvc.errors import NotFound
from feedsvc.model import Format
from feedsvc.publish import publish_due
from feedsvc.services import Services


@click.command()
@click.argument("category")
@click.option("--format", "form", type=click.Choice(get_args(Format)), default="rss", help="Default: rss.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="File; default: stdout."
)
@click.pass_context
def feed(ctx: click.Context, category: str, *, form: Format, output: Path | None) -> None:
    """Print the finished bytes of the feed of CATEGORY ('all': of everything).

    What changed since it was last published is published first.
    """
    with session(Options.of(ctx)) as services:
        key = feed_key(services, category)
        _settle(services, key)
        rendering = services.store.rendering(key, form)
        if rendering is None:
            raise NotFound(f"the feed '{key}' has not been published yet: try again in a second")
        write(rendering.bodies["identity"], output)


def feed_key(services: Services, category: str) -> str:
    """``world`` -> ``c/world``; raises NotFound with what there is."""
    return ALL if category == ALL else f"c/{services.config().category(category).id}"


def _settle(services: Services, key: str) -> None:
    """Publish; a feed that was published in this very second has to wait for the next one."""
    for _ in range(2):
        publish_due(services)
        if key not in services.store.dirty_feeds():
            return
        time.sleep(1.0)
