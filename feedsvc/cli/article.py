"""Which articles are stored, and what is known of one?"""

import html
import re

import click

from feedsvc.cli.feed import feed_key
from feedsvc.cli.output import facts, hanging, json_line, plain, say, show
from feedsvc.cli.session import Options, session
from feedsvc.model import ArticleRecord


@click.group()
def article() -> None:
    """List and show stored articles."""


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
