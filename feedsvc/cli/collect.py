"""How are sources polled by hand, and what came of it?"""

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from feedsvc.cli.hints import hint
from feedsvc.cli.output import console, counted, hanging, json_line, outcome, plain, say, show
from feedsvc.cli.publishing import settle
from feedsvc.cli.root import FAILED, PARTIAL
from feedsvc.cli.session import Options, session
from feedsvc.collect import collect_source, visit_source
from feedsvc.errors import LeaseLost
from feedsvc.jobs import lease_time
from feedsvc.model import Poll
from feedsvc.services import Services


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--all", "everything", is_flag=True, help="Every source that is not paused.")
@click.option("--due", is_flag=True, help="The sources that are due (this is what happens without IDs).")
@click.option("--category", metavar="C", help="Only sources of this category.")
@click.option("--dry-run", is_flag=True, help="Fetch and count, but store nothing.")
@click.option("--force", is_flag=True, help="Fetch and read again what has not changed.")
@click.pass_context
def collect(
    ctx: click.Context,
    ids: tuple[str, ...],
    *,
    everything: bool,
    due: bool,
    category: str | None,
    dry_run: bool,
    force: bool,
) -> None:
    """Poll sources now and publish what is new; a result line a source.

    Sources named by ID are polled even while they are paused. Exit code 4: some failed, 1: all did.
    """
    if bool(ids) + everything + due > 1:
        raise click.UsageError("give IDs, or --all, or --due: one of them")
    options = Options.of(ctx)
    with session(options, strict=True) as services:
        chosen = _chosen(services, ids, everything=everything, category=category)
        if not chosen:
            say(_nothing(services))
        leases: set[str] = set()
        poll = _visitor(services, force=force) if dry_run else _collector(services, leases, force=force)
        try:
            polls = list(_run(options, services, chosen, poll))
        except BaseException:
            _stop(services, leases)
            raise
        if not dry_run:
            settle(services)
    _summary(polls)
    failed = sum(one.outcome == "failed" for one in polls)
    ctx.exit(0 if not failed else FAILED if failed == len(polls) else PARTIAL)


def _chosen(services: Services, ids: Sequence[str], *, everything: bool, category: str | None) -> list[str]:
    """Source ids in the order in which they are polled. Raises NotFound."""
    config = services.config()
    members = {source.id: source for source in config.sources}
    if category is not None:
        key = "all" if category == "all" else f"c/{config.category(category).id}"
        members = {source.id: source for source in config.sources_of(key)}
    if ids:
        known = [config.source(name).id for name in dict.fromkeys(ids)]
        return [name for name in known if name in members]
    if everything:
        return [source.id for source in members.values() if source.enabled]
    return [name for name in services.store.due(services.clock()) if name in members]


def _nothing(services: Services) -> str:
    """Why there is nothing to do, and when there will be."""
    waiting = [state for state in services.store.source_states() if state.next_due and state.enabled]
    if not waiting:
        return "no source is switched on: 'feedsvc source resume ID' does that"
    first = min(waiting, key=lambda state: (state.next_due is None, state.next_due))
    return f"nothing is due: next is {first.id} at {first.next_due:%H:%M} UTC; --all polls now"


def _collector(services: Services, leases: set[str], *, force: bool) -> Callable[[str], Poll]:
    """Polls and saves one source; ``leases`` are those that are held at the moment."""
    lease_for = lease_time(services.config().fetch.timeout)

    def poll(source_id: str) -> Poll:
        lease = uuid.uuid4().hex
        now = services.clock()
        busy = Poll(
            source_id=source_id,
            started=now,
            ms=0,
            outcome="failed",
            error_kind="busy",
            error="another process polls it just now",
        )
        if not services.store.claim(source_id, now=now, lease=lease, lease_for=lease_for):
            return busy
        leases.add(lease)
        try:
            return collect_source(services, source_id, lease=lease, trigger="manual", force=force)
        except LeaseLost:
            return busy
        finally:
            leases.discard(lease)
            services.store.release([lease])

    return poll


def _stop(services: Services, leases: set[str]) -> None:
    """Ctrl-C: cut running fetches short. Without a lease nothing is saved, so they count as no failures."""
    services.store.release(list(leases))
    services.fetcher.close()


def _visitor(services: Services, *, force: bool) -> Callable[[str], Poll]:
    def poll(source_id: str) -> Poll:
        source = services.config().source(source_id)
        state = services.store.source_state(source_id)
        return visit_source(services, source, state, trigger="dry run", force=force).record

    return poll


def _run(
    options: Options, services: Services, ids: Sequence[str], poll: Callable[[str], Poll]
) -> Iterator[Poll]:
    """Poll in a bounded pool; each result is shown as it comes."""
    pool = ThreadPoolExecutor(services.config().fetch.threads)
    with _bar(len(ids), options) as (put, step):
        futures = [pool.submit(poll, source_id) for source_id in ids]
        try:
            for future in as_completed(futures):
                record = future.result()
                if options.as_json:
                    json_line(record)
                else:
                    put(_line(record))
                step()
                yield record
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def _bar(total: int, options: Options) -> Iterator[tuple[Callable[[Table], None], Callable[[], None]]]:
    """A progress bar where somebody watches, and how to print a line and to make a step beside it."""
    out, side = console(), console(stderr=True)
    watched = out if out.is_terminal and not options.as_json else side
    if not watched.is_terminal or not total or options.verbosity < 0:
        yield show, lambda: None
        return
    columns = (TextColumn("collecting"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=watched, transient=True) as progress:
        task = progress.add_task("", total=total)
        yield (progress.console.print if watched is out else show), lambda: progress.advance(task)


def _line(record: Poll) -> Table:
    """``✓ bbc  200  30 found, 2 new, 1 updated  140 ms``."""
    mark, style = {"ok": ("✓", "green"), "unchanged": ("–", "dim"), "failed": ("✗", "red")}[record.outcome]
    status = str(record.status or "")
    head = Text.assemble((mark, style), f" {record.source_id:<24} {status:>3}")
    advice = hint(record.error_kind, record.status)
    what = Text(f"{outcome(record)}{f' → {advice}' if advice else ''}")
    what.append(f"  {record.ms} ms", style="dim")
    for reason in record.rejected:
        what.append(f"\nleft out: {plain(reason)}", style="yellow")
    return hanging(head, what)


def _summary(polls: Iterable[Poll]) -> None:
    records = list(polls)
    if not records:
        return
    failed = sum(one.outcome == "failed" for one in records)
    new, updated = sum(one.new for one in records), sum(one.updated for one in records)
    say(f"{counted(len(records), 'source')}: {new} new, {updated} updated, {failed} failed")
