"""How does an address become a configured source?"""

from collections.abc import Sequence
from typing import Any, Final

import click

from feedsvc.addresses import show_url
from feedsvc.cli.collect import collect
from feedsvc.cli.discover import TITLES, found_at, looking, nothing, plain_block, print_proposal
from feedsvc.cli.output import json_line, say
from feedsvc.cli.session import Options, scheduler_is_alive, session
from feedsvc.config import ALL, Config
from feedsvc.config.add import Addition, addition, place
from feedsvc.discover import Discovery, names_taken, options
from feedsvc.errors import FeedsvcError, NotFound
from feedsvc.model import WebSource
from feedsvc.sources import TYPES
from feedsvc.sources.discover import Have, Proposal
from feedsvc.units import read_duration

KINDS: Final = [name for name, kind in TYPES.items() if issubclass(kind.model, WebSource)]
FILE: Final = "added"  # where sources without a category go, unless --file says


def _duration(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    try:
        if value is not None:
            read_duration(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
    return value


@click.command()
@click.argument("url", metavar="URL")
@click.option("--id", "name", metavar="ID", help="Permanent name of the source; default: made of its title.")
@click.option("--category", "categories", metavar="C", multiple=True, help="May be given several times.")
@click.option(
    "--every", metavar="30m", callback=_duration, help="Time between two polls; default: defaults.every."
)
@click.option("--title", metavar="T", help="Name shown to readers; default: the source's own.")
@click.option("--full-text", is_flag=True, help="Take the text of each article from its own page.")
@click.option("--type", "kind", type=click.Choice(KINDS), help="Only proposals of this source type.")
@click.option(
    "--pick", type=click.IntRange(min=1), default=1, metavar="N", help="Not the best proposal, but the Nth."
)
@click.option(
    "--file", metavar="NAME", help="File of sources/ that it goes to; default: that of its category."
)
@click.option("--force", is_flag=True, help="Add it although there is a source that collects the same.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Show what would be written; write nothing.")
@click.pass_context
def add(
    ctx: click.Context,
    url: str,
    *,
    name: str | None,
    categories: tuple[str, ...],
    every: str | None,
    title: str | None,
    full_text: bool,
    kind: str | None,
    pick: int,
    file: str | None,
    force: bool,
    yes: bool,
    dry_run: bool,
) -> None:
    """Configure what is at an address: find its best feed, show it, and write it into a file of sources/.

    Comments and order in the file stay. 'feedsvc discover URL' shows what else there is.
    """
    opts = Options.of(ctx)
    config = opts.load()
    _check(opts, config, name, categories)
    wanted = {"title": title, "categories": list(categories), "every": every, "full_text": full_text}
    more = {key: value for key, value in wanted.items() if value}
    with looking(opts) as services:
        found = found_at(opts, services, url, thorough=kind is not None)
        one = _chosen(found, kind, pick)
        _refuse_twice(opts, one.have, force=force)
        item = options(one, taken=names_taken(services, one), id=name, **more)
        if not opts.as_json:
            print_proposal("", one, services.clock(), titles=TITLES)
        if one.text == "short" and not full_text and one.source.type != "api":
            say("with --full-text the text of each article would be taken from its own page")
    new = addition(opts.config_dir, item, file=file or _file(categories), env=opts.environment)
    _show(opts, new, item, written=not dry_run)
    if dry_run:
        say("nothing was written")
        return
    if not yes:
        click.confirm(f"add it to {new.path}?", abort=True, default=True, err=True)
    new.write()
    if not opts.as_json:
        click.echo(f"added {item['id']} at {new.path}:{new.line}")
    _take_up(ctx, opts, str(item["id"]))


def _check(opts: Options, config: Config, name: str | None, categories: Sequence[str]) -> None:
    """What can be told before anything is fetched. Raises NotFound, FeedsvcError."""
    for category in categories:
        if category == ALL:
            raise NotFound(f"every article goes to '{ALL}' by itself: leave that category out")
        try:
            config.category(category)
        except NotFound as error:
            hint = f"a new one is written under 'categories' in {opts.config_dir / 'feedsvc.yaml'}"
            raise NotFound(f"{error}; {hint}") from error
    if name is not None and any(source.id == name for source in config.sources):
        raise FeedsvcError(f"the id {name!r} is taken, {_where(opts, name)}: choose another")


def _where(opts: Options, source_id: str) -> str:
    path, line = place(opts.config_dir, source_id)
    return f"{path}:{line}"


def _chosen(found: Discovery, kind: str | None, pick: int) -> Proposal:
    """:raises NotFound: if there is none, or fewer."""
    if not found.proposals:
        raise NotFound(nothing(found))
    fitting = [one for one in found.proposals if kind in {None, one.source.type}]
    if not fitting:
        there = ", ".join(sorted({one.source.type for one in found.proposals}))
        raise NotFound(f"{show_url(found.asked)}: nothing of type {kind} was found, only {there}")
    if pick > len(fitting):
        raise NotFound(f"--pick {pick}: there are only {len(fitting)}, 'feedsvc discover' shows them")
    return fitting[pick - 1]


def _refuse_twice(opts: Options, have: Have | None, *, force: bool) -> None:
    if have is None:
        return
    told = f"you have it already: source {have.source_id}, {_where(opts, have.source_id)} ({have.why})"
    if not force:
        raise FeedsvcError(f"{told}; --pick takes another proposal, --force this one all the same")
    say(told)


def _file(categories: Sequence[str]) -> str:
    """One file a category: where its other sources are, or will be."""
    return categories[0] if categories else FILE


def _show(opts: Options, new: Addition, item: dict[str, Any], *, written: bool) -> None:
    if opts.as_json:
        place = {"file": str(new.path), "line": new.line}
        json_line({"id": item["id"], **place, "source": item, "dry_run": not written, "diff": new.diff()})
        return
    click.echo()
    for line in plain_block(new.diff()).splitlines():
        colour = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
        click.echo(click.style(line, fg=colour) if colour else line)


def _take_up(ctx: click.Context, opts: Options, source_id: str) -> None:
    """A running service sees the file change; where there is none, the first poll is made here."""
    with session(opts) as services:
        alive = scheduler_is_alive(services)
    if alive:
        say("the running scheduler takes it up within 2 seconds")
        return
    nobody: dict[str, Any] = {"everything": False, "due": False, "category": None}
    ctx.invoke(collect, ids=(source_id,), dry_run=False, force=False, **nobody)
