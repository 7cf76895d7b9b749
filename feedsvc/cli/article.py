"""Which articles are stored, what is known of one, and may it be seen?"""

import html
import re
from collections.abc import Callable
from datetime import datetime

import click

from feedsvc.cli.feed import feed_key
from feedsvc.cli.output import facts, hanging, json_line, plain, say, show
from feedsvc.cli.publishing import settle
from feedsvc.cli.session import Options, scheduler_is_alive, session
from feedsvc.model import ArticleRecord
from feedsvc.store import Store


@click.group()
def article() -> None:
    """List, show and hide stored articles."""


@article.command("list")
@click.option("--source", "source_id", metavar="ID", help="Only of this source.")
@click.option("--category", metavar="C", help="Only of this category.")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=50,
    show_default=True,
    metavar="N",
    help="How many at most.",
)
@click.pass_context
def list_(ctx: click.Context, *, source_id: str | None, category: str | None, limit: int) -> None:
    """The latest articles, newest first."""
    options = Options.of(ctx)
    with session(options) as services:
        if source_id is not None:
            services.store.source_state(source_id)  # NotFound, rather than an empty list
        key = None if category is None else feed_key(services, category)
        records = services.store.articles(source_id=source_id, feed_key=key, limit=limit)
    if options.as_json:
        for record in records:
            json_line(record)
        return
    if not records:
        say("no articles: 'feedsvc collect' gets some")
    for record in records:
        _print(record)


def _print(record: ArticleRecord) -> None:
    entry = record.entry
    show(hanging(f"{entry.published:%Y-%m-%d %H:%M}  {record.source_id}", plain(entry.article.title)))
    # On a line of its own: in a column it would be folded, and could not be copied.
    click.echo(click.style(f"    {plain(entry.id)}", dim=True))


@article.command("show")
@click.argument("article_id", metavar="ID")
@click.pass_context
def show_(ctx: click.Context, article_id: str) -> None:
    """Everything known of one article."""
    options = Options.of(ctx)
    with session(options) as services:
        record = services.store.article(article_id)
    if options.as_json:
        json_line(record)
    else:
        _show(record)


@article.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.pass_context
def hide(ctx: click.Context, ids: tuple[str, ...]) -> None:
    """Take articles out of every feed, and out of the history.

    Atom tells readers for a month that they are gone (RFC 6721). They stay out, whatever their source does.
    """
    _each(ctx, ids, Store.hide, done="hidden", idle="hidden already")


@article.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.pass_context
def unhide(ctx: click.Context, ids: tuple[str, ...]) -> None:
    """Show hidden articles again, under their old ids, as changed now."""
    _each(ctx, ids, Store.unhide, done="shown again", idle="not hidden")


def _each(
    ctx: click.Context,
    ids: tuple[str, ...],
    act: Callable[[Store, str, datetime], bool],
    *,
    done: str,
    idle: str,
) -> None:
    """All of them or, if one cannot be found, none."""
    options = Options.of(ctx)
    with session(options) as services:
        for article_id in ids:
            services.store.article(article_id)
        for article_id in ids:
            changed = act(services.store, article_id, services.clock())
            if options.as_json:
                json_line({"id": article_id, "changed": changed})
            elif changed:
                click.echo(f"{plain(article_id)}: {done}")
            else:
                say(f"nothing to do: {plain(article_id)} is {idle}")
        if not scheduler_is_alive(services):
            settle(services)


def _show(record: ArticleRecord) -> None:
    entry, it = record.entry, record.entry.article
    doubt = f" ({it.date_flag})" if it.date_flag else ""
    facts(
        (
            ("title", it.title),
            ("id", entry.id),
            ("link", it.link),
            ("source", f"{record.source_id} ({entry.origin.title})"),
            ("state", f"{record.state} since {record.state_since:%Y-%m-%d %H:%M} UTC"),
            ("feeds", ", ".join(record.feeds)),
            (
                "published",
                f"{entry.published:%Y-%m-%d %H:%M} UTC{doubt}",
            ),
            ("updated", f"{entry.updated:%Y-%m-%d %H:%M} UTC"),
            ("first seen", f"{record.first_seen:%Y-%m-%d %H:%M} UTC"),
            ("authors", ", ".join(author.name for author in it.authors)),
            ("tags", ", ".join(it.tags)),
            ("language", it.language),
            ("enclosures", ", ".join(file.url for file in it.enclosures)),
            ("image", it.image.url if it.image else None),
            ("found again by", ", ".join(record.keys)),
        )
    )
    click.echo(f"\n{_text(it.content or it.summary)}")


def _text(markup: str) -> str:
    """Paragraphs of plain text, for the terminal."""
    blocks = re.split(r"</?(?:p|div|br|h[1-6]|li|ul|ol|blockquote|pre|table|tr)\b[^>]*>", markup)
    texts = (plain(html.unescape(re.sub(r"<[^>]*>", "", block))).strip() for block in blocks)
    return "\n\n".join(text for text in texts if text)
