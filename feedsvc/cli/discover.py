"""What can be collected from an address, and how would it be written?"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import click
from rich.text import Text

from feedsvc.addresses import show_url
from feedsvc.bootstrap import open_services, open_store
from feedsvc.cli.output import ago, console, counted, hanging, json_line, plain, say, show
from feedsvc.cli.session import Options, session
from feedsvc.config import Config
from feedsvc.config.compose import block
from feedsvc.config.platforms import platforms
from feedsvc.discover import Discovery, names_taken, options
from feedsvc.discover import discover as look
from feedsvc.errors import FeedsvcError
from feedsvc.model import Article
from feedsvc.services import Services
from feedsvc.sources.discover import Proposal

SHOWN: Final = 5  # proposals
TITLES: Final = 3  # of articles of the first one; of the others there is one


@click.command()
@click.argument("url", metavar="URL")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=SHOWN,
    show_default=True,
    metavar="N",
    help="How many proposals at most.",
)
@click.option(
    "--all", "thorough", is_flag=True, help="Look for interfaces and sitemaps, too, where there is a feed."
)
@click.pass_context
def discover(ctx: click.Context, url: str, *, limit: int, thorough: bool) -> None:
    """Find the feeds of a page and other ways to collect it; each is really tried, the best comes first.

    Nothing is stored. 'feedsvc add URL' configures one. Exit code 1: nothing was found.
    """
    opts = Options.of(ctx)
    with looking(opts) as services:
        found = found_at(opts, services, url, thorough=thorough)
        now = services.clock()
        shown = found.proposals[:limit]
        if opts.as_json:
            for number, one in enumerate(shown, start=1):
                json_line(facts_of(number, one, _yaml(services, one)))
        else:
            _print(found, shown, now)
            _print_yaml(services, shown)
    if not found.proposals:
        raise FeedsvcError(nothing(found))


def nothing(found: Discovery) -> str:
    """Why there is no proposal, and what can be done."""
    where = show_url(found.asked)
    if found.trouble:
        return f"{where}: {plain(found.trouble)}"
    return f"{where}: no feed, and no list of articles that could be told from the rest of the page"


def found_at(opts: Options, services: Services, url: str, *, thorough: bool) -> Discovery:
    """Look around, which may take some seconds; who watches is told."""
    known = platforms(opts.config_dir)
    side = console(stderr=True)
    if not side.is_terminal or opts.verbosity < 0:
        return look(services, url, platforms=known, thorough=thorough)
    with side.status(f"looking around at {plain(show_url(url))}"):
        return look(services, url, platforms=known, thorough=thorough)


@contextmanager
def looking(opts: Options) -> Iterator[Services]:
    """The services of the project; where there is none, enough of them to look around."""
    if opts.config_dir.exists():
        with session(opts) as services:
            yield services
        return
    opts.log()
    with tempfile.TemporaryDirectory(prefix="feedsvc-") as directory:
        store = open_store(f"sqlite:///{Path(directory) / 'look.db'}")
        services = open_services(store, Config(listening=opts.environment.listening()))
        try:
            yield services
        finally:
            services.close()


# ---- for people -------------------------------------------------------------------------------------


def _print(found: Discovery, shown: Sequence[Proposal], now: datetime) -> None:
    if found.trouble and found.proposals:
        say(f"the page itself: {plain(found.trouble)}")
    for number, one in enumerate(shown, start=1):
        print_proposal(f"{number}", one, now, titles=TITLES if number == 1 else 1)
        click.echo()
    more = len(found.proposals) - len(shown)
    if more:
        say(f"{counted(more, 'more proposal')}: --limit {len(found.proposals)} shows all")


def print_proposal(head: str, one: Proposal, now: datetime, *, titles: int) -> None:
    """``1  The Spring``, and below it what it is, how it was found and what is in it."""
    show(hanging(Text(f"{head:>2} ", style="bold"), Text(plain(one.title), style="bold")))
    # On a line of its own: in a column it would be folded, and could not be copied.
    click.echo(f"     {click.style(_address(one), fg='cyan')}")
    lines = [Text(_what(one, now))]
    lines.append(Text(f"{plain(one.candidate.how)}; {one.confidence:.0%} sure", style="dim"))
    if one.have is not None:
        lines.append(Text(f"you have it: source {one.have.source_id} ({one.have.why})", style="yellow"))
    if one.selectors:
        lines.append(Text(f"by selectors: item: {plain(one.selectors['item'])}", style="dim"))
    lines += [Text(f"also {plain(show_url(url))}", style="dim") for url in one.also[:2]]
    lines += [Text(f"· {_dated(article)}{plain(article.title)}") for article in one.articles[:titles]]
    show(hanging("   ", Text("\n").join(lines)))


def _address(one: Proposal) -> str:
    """As it would be configured, which is not always the first that is fetched."""
    return plain(show_url(getattr(one.source, "url", one.source.location)))


def _what(one: Proposal, now: datetime) -> str:
    """``RSS feed, 20 articles, newest 2 h ago, full text``."""
    kind = f"{one.format} feed" if one.format and "Feed" not in one.format else one.format or one.source.type
    newest = f"newest {ago(one.newest, now)}" if one.newest is not None else "no dates" if one.count else ""
    facts = (kind, counted(one.count, "article"), newest, _text(one), *one.notes)
    return ", ".join(filter(None, facts))


def _text(one: Proposal) -> str:
    if not one.count:
        return ""
    if getattr(one.source, "full_text", False):
        return "text from each article's own page"
    if one.text == "full":
        return "full text"
    return f"short texts (about {one.characters} characters)" if one.text == "short" else "titles only"


def _dated(article: Article) -> str:
    return "" if article.date_flag in {"undated", "future"} else f"{article.published:%Y-%m-%d}  "


def _yaml(services: Services, one: Proposal) -> str:
    return block(options(one, taken=names_taken(services, one)))


def _print_yaml(services: Services, shown: Sequence[Proposal]) -> None:
    """The best that is not collected already, as it would be written."""
    new = [(number, one) for number, one in enumerate(shown, start=1) if one.have is None]
    if not new:
        return
    number, one = new[0]
    pick = f" --pick {number}" if number > 1 else ""
    say(f"'feedsvc add URL{pick}' writes this under 'sources:' in a file of the config:")
    click.echo(plain_block(_yaml(services, one)), nl=False)


def plain_block(text: str) -> str:
    """Lines that a terminal only shows."""
    return "".join(f"{plain(line)}\n" for line in text.splitlines())


# ---- for programs -----------------------------------------------------------------------------------


def facts_of(number: int, one: Proposal, yaml: str) -> dict[str, Any]:
    """A proposal as one flat JSON value; no secrets of addresses but in ``yaml``, which needs them."""
    return {
        "rank": number,
        "type": one.source.type,
        "title": one.title,
        "url": _address(one),
        "confidence": one.confidence,
        "found": one.candidate.found,
        "evidence": one.candidate.how,
        "format": one.format,
        "articles": one.count,
        "newest": one.newest,
        "text": one.text,
        "characters": one.characters,
        "notes": one.notes,
        "also": [show_url(url) for url in one.also],
        "have": one.have,
        "selectors": one.selectors,
        "yaml": yaml,
        "sample": [
            {"title": a.title, "link": a.link, "published": None if a.date_flag == "undated" else a.published}
            for a in one.articles
        ],
    }
