"""Is the database as this version needs it?"""

import click

from feedsvc.cli.output import facts, json_line, say
from feedsvc.cli.session import Options, stored
from feedsvc.errors import StoreError


@click.group()
def db() -> None:
    """Migrate the database, or show its state."""


@db.command()
@click.pass_context
def upgrade(ctx: click.Context) -> None:
    """Create or migrate the schema; safe while others run."""
    with stored(Options.of(ctx), upgrade=False) as store:
        before, _ = store.schema()
        store.upgrade()
        after, _ = store.schema()
    say(f"already at {after}" if before == after else f"upgraded from {before or 'nothing'} to {after}")


@db.command()
@click.pass_context
def current(ctx: click.Context) -> None:
    """The schema that is there and the one needed. Exit code 1: they differ."""
    options = Options.of(ctx)
    with stored(options, upgrade=False) as store:
        there, needed = store.schema()
    if options.as_json:
        json_line({"current": there, "needed": needed})
    else:
        facts((("current", there or "none"), ("needed", needed)))
    if there != needed:
        raise StoreError("the schema is not the one that this version needs: run 'feedsvc db upgrade'")
