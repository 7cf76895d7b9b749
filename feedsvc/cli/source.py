"""Which sources are there, how do they fare, and how are they paused, resumed, run and taken out?"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import click
from rich.text import Text

from feedsvc.addresses import show_url
from feedsvc.cli.hints import hint
from feedsvc.cli.output import (
    Cell,
    ago,
    counted,
    facts,
    hanging,
    json_line,
    jsonable,
    outcome,
    plain,
    say,
    show,
    table,
)
from feedsvc.cli.session import Options, scheduler_is_alive, session
from feedsvc.config import ALL, remove, set_enabled
from feedsvc.model import Poll, Source, SourceState

POLLS_SHOWN = 10


@click.group()
def source() -> None:
    """List, show, run, pause, resume and remove sources."""


@source.command("list")
@click.option("--category", metavar="C", help="Only sources of this category.")
@click.option("--failing", is_flag=True, help="Only sources whose last poll failed.")
@click.option("--paused", is_flag=True, help="Only sources that are paused.")
@click.pass_context
def list_(ctx: click.Context, *, category: str | None, failing: bool, paused: bool) -> None:
    """Every configured source and how it fares."""
    options = Options.of(ctx)
    with session(options) as services:
        config, now = services.config(), services.clock()
        states = {state.id: state for state in services.store.source_states()}
        key = ALL if category in {None, ALL} else f"c/{config.category(str(category)).id}"
    pairs = [
        (one, states[one.id])
        for one in config.sources_of(key)
        if (states[one.id].failures or not failing) and not (paused and one.enabled)
    ]
    if options.as_json:
        for one, state in pairs:
            json_line(_facts(one, state))
        return
    columns = ("source", "state", "categories", "articles", "last poll", "next")
    empty = "no such source" if failing or paused or category else "no source is configured"
    table(columns, (_row(one, state, now) for one, state in pairs), empty=empty)
    for one, state in pairs:
        if state.failures:
            show(hanging(Text(f"{one.id}:", style="red"), _error(state)))


def _row(one: Source, state: SourceState, now: datetime) -> Sequence[Cell]:
    return (
        one.id,
        _state(one, state),
        ", ".join(one.categories),
        state.articles,
        ago(state.last_poll, now),
        _due(one, state, now),
    )


def _due(one: Source, state: SourceState, now: datetime) -> str:
    """When it is polled next; empty while it is paused."""
    if not one.enabled or state.next_due is None:
        return ""
    return "now" if state.next_due <= now else ago(state.next_due, now)


def _state(one: Source, state: SourceState) -> Text:
    """One word, coloured for those who see it."""
    if not one.enabled:
        return Text("paused", style="dim")
    if state.failures:
        return Text(f"failing ×{state.failures}", style="red")
    if state.last_poll is None:
        return Text("new", style="cyan")
    return Text("ok", style="green")


def _error(state: SourceState, status: int | None = None) -> str:
    """What its last poll ran into; ``status``: that of the answer, if there was one."""
    if not state.failures:
        return ""
    advice = hint(state.error_kind, status)
    return plain(f"{state.error}{f' → {advice}' if advice else ''}")


def _facts(one: Source, state: SourceState) -> dict[str, Any]:
    """What is configured and what is known, in one flat object; no secrets of addresses."""
    known = {**jsonable(asdict(state)), "location": show_url(state.location)}
    settings = _configured(one)
    return {**known, **{name: value for name, value in settings.items() if value is not None}}


def _configured(one: Source, **choice: Any) -> dict[str, Any]:
    """The source's settings as they stand in the config. The file itself is the place for secrets."""
    settings = one.model_dump(mode="json", **choice)
    if "url" in settings:
        settings["url"] = show_url(settings["url"])
    return settings


@source.command("show")
@click.argument("source_id", metavar="ID")
@click.pass_context
def show_(ctx: click.Context, source_id: str) -> None:
    """One source: its settings, its state, its latest polls."""
    options = Options.of(ctx)
    with session(options) as services:
        one = services.config().source(source_id)
        state = services.store.source_state(source_id)
        polls = services.store.polls(source_id, POLLS_SHOWN)
        now = services.clock()
    if options.as_json:
        json_line({**_facts(one, state), "polls": polls})
        return
    facts(_settings(one, state, polls[0].status if polls else None, now))
    click.echo()
    columns = ("polled (UTC)", "why", "status", "ms", "what came of it")
    table(columns, map(_poll_row, polls), empty="never polled")


def _settings(one: Source, state: SourceState, status: int | None, now: datetime) -> list[tuple[str, Cell]]:
    settings = _configured(one, exclude={"enabled", "title"}, exclude_defaults=True)
    shown = {name: ", ".join(value) if isinstance(value, list) else value for name, value in settings.items()}
    due = _due(one, state, now)
    why = f" ({state.next_reason})" if due and state.next_reason else ""
    return [
        ("source", one.id),
        ("title", one.title or state.title),
        ("state", _state(one, state)),
        ("error", _error(state, status)),
        ("articles", state.articles),
        ("last poll", ago(state.last_poll, now)),
        ("last success", ago(state.last_ok, now)),
        ("last new article", ago(state.last_new, now)),
        ("next poll", f"{due}{why}"),
        *((name, value) for name, value in shown.items() if name != "id"),
    ]


def _poll_row(poll: Poll) -> Sequence[Cell]:
    return (
        f"{poll.started:%Y-%m-%d %H:%M:%S}",
        poll.trigger,
        poll.status,
        poll.ms,
        outcome(poll),
    )


@source.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.pass_context
def run(ctx: click.Context, ids: tuple[str, ...]) -> None:
    """Have the running scheduler poll these sources next."""
    with session(Options.of(ctx)) as services:
        for name in ids:
            services.config().source(name)
        for name in ids:
            services.store.make_due(name, services.clock())
        if not scheduler_is_alive(services):
            say(f"no scheduler is running: 'feedsvc collect {' '.join(ids)}' polls without one")
        paused = [name for name in ids if not services.config().source(name).enabled]
    for name in paused:
        say(f"{name} is paused: 'feedsvc source resume {name}' switches it on")


@source.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--file", metavar="NAME", help="All sources of one file, such as examples.")
@click.pass_context
def pause(ctx: click.Context, ids: tuple[str, ...], *, file: str | None) -> None:
    """Stop polling sources; their articles stay. Sets 'enabled: false' in the YAML file."""
    _switch(Options.of(ctx), ids, file, enabled=False)


@source.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--file", metavar="NAME", help="All sources of one file, such as examples.")
@click.pass_context
def resume(ctx: click.Context, ids: tuple[str, ...], *, file: str | None) -> None:
    """Poll sources (again). Sets 'enabled: true' in the YAML file."""
    _switch(Options.of(ctx), ids, file, enabled=True)


def _switch(options: Options, ids: tuple[str, ...], file: str | None, *, enabled: bool) -> None:
    if bool(ids) == bool(file):
        raise click.UsageError("give IDs, or --file NAME: one of them")
    changed = set_enabled(options.config_dir, enabled=enabled, ids=ids, file=file)
    word = "resumed" if enabled else "paused"
    for name in changed:
        if options.as_json:
            json_line({"id": name, "enabled": enabled})
        else:
            click.echo(f"{word} {name}")
    if not changed:
        say(f"nothing to do: already {word}")
        return
    _take_up(options)


def _take_up(options: Options) -> None:
    """Bring the edited files into the store, unless a running service is about to."""
    with session(options) as services:
        if scheduler_is_alive(services):
            say("the running scheduler takes it up within 2 seconds")
        else:
            say("no scheduler is running: 'feedsvc serve' starts one, 'feedsvc collect' polls once")


@source.command()
@click.argument("source_id", metavar="ID")
@click.option("--retract", is_flag=True, help="Take its articles out of all feeds, too.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def rm(ctx: click.Context, source_id: str, *, retract: bool, yes: bool) -> None:
    """Take a source out of its YAML file. Its articles stay until retention, or go with --retract."""
    options = Options.of(ctx)
    with session(options) as services:
        services.config().source(source_id)
        articles = services.store.source_state(source_id).articles
    fate = f"{'retract' if retract else 'keep'} its {counted(articles, 'article')}"
    if not yes:
        click.confirm(f"remove source {source_id} and {fate}?", abort=True, err=True)
    path = remove(options.config_dir, source_id)
    click.echo(f"removed {source_id} from {path}")
    with session(options) as services:
        if retract:
            gone = services.store.retract_source(source_id, services.clock())
            click.echo(f"retracted {counted(gone, 'article')}")
