"""How does one bring along what one had elsewhere? (a module cannot be called ``import``)"""

from pathlib import Path
from typing import Final

import click

from feedsvc.addresses import show_url
from feedsvc.cli.discover import looking, plain_block
from feedsvc.cli.output import counted, json_line, plain, say, table
from feedsvc.cli.root import PARTIAL
from feedsvc.cli.session import Options
from feedsvc.config.add import Addition, additions
from feedsvc.errors import FeedsvcError, ParseError
from feedsvc.subscriptions import LARGEST, Fate, Outlines, Plan, plan, read

FILE: Final = "imported"  # of sources/
_MARKS: Final = {"new": "+", "there": "=", "twice": "=", "ours": "-", "broken": "!"}


@click.group("import")
def bring() -> None:
    """Take over what another program has collected so far."""


@bring.command()
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option("--category", metavar="C", help="Category of all of them, in place of their folders.")
@click.option("--create-categories", is_flag=True, help="Make a category of each folder that is none.")
@click.option(
    "--file",
    "target",
    default=FILE,
    show_default=True,
    metavar="NAME",
    help="File of sources/ that they go to.",
)
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Show what would be written; write nothing.")
@click.pass_context
def opml(
    ctx: click.Context,
    file: Path,
    *,
    category: str | None,
    create_categories: bool,
    target: str,
    yes: bool,
    dry_run: bool,
) -> None:
    """Configure the feeds of an OPML file, as every feed reader exports one, as sources.

    A folder stands for the category of that id or title. What is configured already is left out. Shown first,
    then asked, then written; comments and order in the files stay. Exit code 4: some entries are broken.
    """
    opts = Options.of(ctx)
    config = opts.load()
    if category is not None:
        config.category(category)
    outlines = _read(file)
    with looking(opts) as services:
        former = {one.location: one.id for one in services.store.source_states() if not one.active}
    made = plan(outlines, config, former=former, category=category, create_categories=create_categories)
    new = additions(
        opts.config_dir, made.sources, file=target, categories=made.categories, env=opts.environment
    )
    _show(opts, made, new, dry_run=dry_run)
    if new and not dry_run:
        if not yes:
            names = " and ".join(str(one.path) for one in new)
            click.confirm(f"add {counted(len(made.sources), 'source')} to {names}?", abort=True, err=True)
        _write(opts, made, new)
    if made.count("broken"):
        ctx.exit(PARTIAL)


def _read(file: Path) -> Outlines:
    try:
        with click.open_file(str(file), "rb") as stream:
            body = stream.read(LARGEST + 1)
        return read(body)
    except OSError as error:
        raise FeedsvcError(f"{file} cannot be read: {error.strerror}") from error
    except ParseError as error:
        raise FeedsvcError(f"{file}: {error}") from error


def _show(opts: Options, made: Plan, new: list[Addition], *, dry_run: bool) -> None:
    if opts.as_json:
        for one in made.fates:
            json_line({**_facts(one), "dry_run": dry_run})
        for one_file in new:
            json_line({"file": str(one_file.path), "line": one_file.line, "diff": one_file.diff()})
        return
    for one_file in new:
        for line in plain_block(one_file.diff()).splitlines():
            colour = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
            click.echo(click.style(line, fg=colour) if colour else line)
        click.echo()
    columns = ["line", "", "title", "source", "categories", ""]
    table(columns, map(_row, made.fates), empty="no feeds in it")
    for name in made.unknown:
        say(f"the folder {plain(name)!r} is no category: --create-categories makes it one")
    _sum_up(made, dry_run=dry_run)


def _sum_up(made: Plan, *, dry_run: bool) -> None:
    known = made.count("there") + made.count("twice") + made.count("ours")
    told = f"{made.count('new')} new, {known} there already, {made.count('broken')} broken"
    names = ", ".join(str(one["id"]) for one in made.categories)
    say(f"{told}{f'; new categories: {names}' if names else ''}")
    if dry_run:
        say("nothing was written")


def _row(one: Fate) -> list[str | int | None]:
    note = one.note or (show_url(one.url) if one.what == "new" else "")
    names = ", ".join(one.categories)
    return [one.line, f"{_MARKS[one.what]} {one.what}", one.title, one.source_id or "", names, note]


def _facts(one: Fate) -> dict[str, object]:
    return {
        "line": one.line,
        "what": one.what,
        "title": one.title,
        "url": show_url(one.url),
        "source": one.source_id,
        "categories": one.categories,
        "note": one.note,
    }


def _write(opts: Options, made: Plan, new: list[Addition]) -> None:
    """Categories first: so the config is valid at every moment, for a service that reads it meanwhile."""
    for one in new:
        one.write()
        if not opts.as_json:
            click.echo(f"written: {one.path}:{one.line}")
    if made.sources:
        say("a running service takes them up within 2 seconds; 'feedsvc collect --due' polls them now")
