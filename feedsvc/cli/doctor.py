"""What is wrong with this installation, and what can be done about it?"""

import os
import platform
import re
import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

import click
from rich.text import Text

from feedsvc.bootstrap import utc_now
from feedsvc.cli.output import hanging, json_line, plain, show
from feedsvc.cli.root import FAILED
from feedsvc.cli.session import Options
from feedsvc.config import Config, advice
from feedsvc.errors import ConfigError, StoreError
from feedsvc.store import Store

Level = Literal["ok", "warn", "fail"]
COLORS: Final = {"ok": "green", "warn": "yellow", "fail": "red"}
SHIPPED: Final = datetime(2026, 1, 1, tzinfo=UTC)  # no clock that is right shows an earlier time
LATELY: Final = timedelta(seconds=30)  # every process reports more often
LITTLE_SPACE: Final = 500_000_000  # bytes
LIBRARIES: Final = ("feedgen", "feedparser", "flask", "apscheduler", "requests", "sqlalchemy", "granian")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line: what was looked at, how it is, and what to do where it is not well."""

    what: str
    level: Level
    found: str
    advice: str = ""


@click.command()
@click.option("--network", is_flag=True, help="Also look up the hosts of all sources that are switched on.")
@click.pass_context
def doctor(ctx: click.Context, *, network: bool) -> None:
    """Look at versions, config, database, disk, clock and processes; exit code 1 if something fails."""
    options = Options.of(ctx)
    options.log()
    worst = False
    for finding in _findings(options, network=network):
        worst |= finding.level == "fail"
        if options.as_json:
            json_line(finding)
        else:
            _print(finding)
    ctx.exit(FAILED if worst else 0)


def _print(finding: Finding) -> None:
    mark = Text(f"{finding.level:<4}", style=COLORS[finding.level])
    todo = f" → {finding.advice}" if finding.advice else ""
    show(hanging(Text.assemble(mark, f"  {finding.what:<8}"), f"{plain(finding.found)}{todo}"))


def _findings(options: Options, *, network: bool) -> Iterator[Finding]:
    yield _versions()
    config, problems = _read_config(options)
    yield from problems
    yield from _clock()
    yield from _database(options)
    if config and network:
        yield from _names(config)


def _versions() -> Finding:
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return Finding(
        what="version",
        level="ok",
        found=f"feedsvc {version('feedsvc')} on Python {platform.python_version()}, {libraries}",
    )


def _read_config(options: Options) -> tuple[Config | None, list[Finding]]:
    try:
        config = options.load()
    except ConfigError as error:
        return None, [
            Finding(what="config", level="fail", found=str(problem), advice="correct the file")
            for problem in error.problems
        ]
    size = f"{options.config_dir}: {len(config.categories)} categories, {len(config.sources)} sources"
    found = [Finding(what="config", level="ok", found=size)]
    found += [Finding(what="config", level="warn", found=doubt) for doubt in advice(config)]
    if not os.access(options.config_dir, os.W_OK):
        todo = "edit it elsewhere; 'feedsvc source pause' cannot"
        found.append(Finding(what="config", level="warn", found="the directory is read-only", advice=todo))
    return config, found


def _clock() -> Iterator[Finding]:
    now = utc_now()
    if now < SHIPPED:
        yield Finding(what="clock", level="fail", found=f"it shows {now:%Y-%m-%d}", advice="set it, use NTP")
    else:
        yield Finding(what="clock", level="ok", found=f"{now:%Y-%m-%d %H:%M:%S} UTC")


def _database(options: Options) -> Iterator[Finding]:
    try:
        store = Store.open(options.database_url)
    except StoreError as error:
        yield Finding(what="database", level="fail", found=str(error), advice="check FEEDSVC_DATABASE_URL")
        return
    try:
        yield from _disk(options.database_url)
        there, needed = store.schema()
        if there != needed:
            state = f"the schema is {there or 'not there'}, needed is {needed}"
            yield Finding(what="database", level="warn", found=state, advice="run 'feedsvc db upgrade'")
            return
        yield Finding(
            what="database", level="ok", found=f"{_without_password(options.database_url)}, schema {there}"
        )
        yield from _running(store)
        yield from _contents(store)
    except StoreError as error:
        yield Finding(what="database", level="fail", found=str(error), advice="is it running and reachable?")
    finally:
        store.close()


def _without_password(url: str) -> str:
    return re.sub(r"(://[^:/@]*):[^@]*@", r"\1:***@", url)


def _disk(url: str) -> Iterator[Finding]:
    """Can a SQLite file be written where it is, and is there room?"""
    if not url.startswith("sqlite:///"):
        return
    directory = Path(url.removeprefix("sqlite:///")).resolve().parent
    free = shutil.disk_usage(directory).free
    if not os.access(directory, os.W_OK):
        todo = "change its owner or mode, or name another in FEEDSVC_DATABASE_URL"
        yield Finding(what="disk", level="fail", found=f"{directory} is not writable", advice=todo)
    elif free < LITTLE_SPACE:
        yield Finding(
            what="disk", level="warn", found=f"{free // 10**6} MB free in {directory}", advice="make room"
        )
    else:
        yield Finding(what="disk", level="ok", found=f"{directory} is writable, {free // 10**9} GB free")


def _running(store: Store) -> Iterator[Finding]:
    """Which processes reported lately, and do they run the newest config?"""
    now = utc_now()
    newest = store.revision_number()
    alive = [process for process in store.processes() if now - process.seen < LATELY]
    for process in alive:
        found = f"{process.name} runs config revision {process.revision}"
        if process.note:
            yield Finding(
                what="process", level="warn", found=f"{found}: {process.note}", advice="see its log"
            )
        elif process.revision != newest:
            yield Finding(
                what="process", level="warn", found=found, advice=f"the newest is {newest}: see its log"
            )
        else:
            yield Finding(what="process", level="ok", found=found)
    if not any(process.kind == "scheduler" for process in alive):
        todo = "'feedsvc serve' or 'feedsvc scheduler' starts one"
        yield Finding(what="process", level="warn", found="no scheduler is running", advice=todo)


def _contents(store: Store) -> Iterator[Finding]:
    """How do the sources fare, and are the feeds published?"""
    now = utc_now()
    states = [state for state in store.source_states() if state.active and state.enabled]
    failing = [state for state in states if state.failures]
    found = f"{len(states)} switched on, {len(failing)} failing"
    todo = "'feedsvc source list --failing' says why" if failing else ""
    yield Finding(what="sources", level="warn" if failing else "ok", found=found, advice=todo)
    late = [state for state in states if state.last_poll and state.last_poll > now + timedelta(minutes=1)]
    if late:
        found = f"{len(late)} sources were last polled in the future"
        yield Finding(what="clock", level="warn", found=found, advice="the clock was or is wrong: use NTP")
    feeds = store.feed_states()
    waiting = store.dirty_feeds()
    found = f"{len(feeds)} feeds, {len(waiting)} waiting to be published"
    yield Finding(what="feeds", level="ok", found=found)


def _names(config: Config) -> Iterator[Finding]:
    """Can the hosts of the sources be found? (the only finding that asks the network)"""
    urls = (urlsplit(source.location) for source in config.sources if source.enabled)
    for host in sorted({url.hostname for url in urls if url.scheme in {"http", "https"} and url.hostname}):
        try:
            socket.getaddrinfo(host, None)
        except OSError as error:
            found = f"{host}: {error.strerror or error}"
            yield Finding(
                what="dns", level="fail", found=found, advice="check the url, and this machine's DNS"
            )
        else:
            yield Finding(what="dns", level="ok", found=host)
