"""What is the article of a page, at an address or in a file?"""

import mimetypes
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

import click

from feedsvc.addresses import is_web_address, show_url
from feedsvc.bootstrap import make_fetcher
from feedsvc.cli.output import facts, json_line, plain
from feedsvc.cli.root import FAILED, PARTIAL
from feedsvc.cli.session import Options
from feedsvc.config import Config
from feedsvc.errors import FeedsvcError, NotFound, ParseError
from feedsvc.fetch import Fetcher
from feedsvc.follow import article_at
from feedsvc.model import Document, Extracted, NotModified, Request
from feedsvc.pages import page as pages
from feedsvc.pages.article import extract as article_of
from feedsvc.pages.article.whereabouts import canonical
from feedsvc.pages.meta import meta
from feedsvc.pages.trouble import trouble
from feedsvc.refine.clean import safe_html
from feedsvc.refine.links import absolute
from feedsvc.sources.unpack import unpacked

UNKNOWN: Final = "https://unknown.invalid/"  # where a file came from, if neither --url nor the page says


@click.command()
@click.argument("targets", nargs=-1, required=True, metavar="URL|FILE...")
@click.option("--url", metavar="URL", help="The address that a FILE came from; default: what the page says.")
@click.pass_context
def extract(ctx: click.Context, targets: tuple[str, ...], *, url: str | None) -> None:
    """Take the article out of each page and show it with all that the page says about it.

    The further pages of an article that has several are fetched and joined. A FILE may be packed (.gz), - is
    stdin. Nothing is stored. Exit code 4: some failed, 1: all did.
    """
    options = Options.of(ctx)
    options.log()
    config = options.load_or_default()
    fetcher = make_fetcher(config)
    failed = 0
    try:
        for name in targets:
            failed += not _shown(options, config, fetcher, name, url=url)
    finally:
        fetcher.close()
    ctx.exit(0 if not failed else FAILED if failed == len(targets) else PARTIAL)


def _shown(options: Options, config: Config, fetcher: Fetcher, name: str, *, url: str | None) -> bool:
    """Show one target; False if it failed, which is told."""
    shown = show_url(name) if is_web_address(name) else plain(name)
    try:
        found = _at(fetcher, name) if is_web_address(name) else _in_file(name, url, config.fetch.max_bytes)
    except FeedsvcError as error:
        click.echo(f"{click.style('error:', fg='red')} {shown}: {plain(error)}", err=True)
        return False
    if options.as_json:
        json_line({"file": shown, **_facts(found)})
    else:
        _print(found)
    return True


def _facts(found: Extracted) -> dict[str, Any]:
    return {
        "url": None if found.url == UNKNOWN else show_url(found.url),
        "title": found.title,
        "authors": found.authors,
        "published": found.published,
        "modified": found.modified,
        "language": found.language,
        "section": found.section,
        "tags": found.tags,
        "image": found.image.url if found.image else None,
        "canonical": found.canonical,
        "text": found.text,
        "html": safe_html(found.html, found.url),
    }


def _print(found: Extracted) -> None:
    facts(
        (
            ("title", found.title),
            ("url", None if found.url == UNKNOWN else show_url(found.url)),
            ("canonical", found.canonical if found.canonical != found.url else None),
            ("authors", ", ".join(found.authors)),
            ("published", _moment(found.published)),
            ("modified", _moment(found.modified)),
            ("language", found.language),
            ("section", " > ".join(found.section)),
            ("tags", ", ".join(found.tags)),
            ("image", found.image.url if found.image else None),
            ("found in", "; ".join(f"{field}: {source}" for field, source in found.evidence.items())),
        )
    )
    text = "\n\n".join(plain(line) for line in found.text.splitlines())
    click.echo(f"\n{text or 'no text was found in it'}\n")


def _moment(when: datetime | date | None) -> str | None:
    """Readable, and as exact as the page is."""
    if not isinstance(when, datetime):
        return None if when is None else when.isoformat()
    return f"{when:%Y-%m-%d %H:%M} {when:%z}".rstrip() or None


# ---- where it comes from ----------------------------------------------------------------------------


def _at(fetcher: Fetcher, url: str) -> Extracted:
    answer = article_at(fetcher, Request(url=url))
    assert not isinstance(answer, NotModified), "asked unconditionally"
    return answer.extracted


def _in_file(name: str, url: str | None, most: int) -> Extracted:
    """:raises NotFound: if there is no such file. :raises ParseError: if there is no article in it."""
    try:
        with click.open_file(name, "rb") as stream:
            body = stream.read(most + 1)
    except OSError as error:
        raise NotFound(f"{error.strerror}") from error
    if len(body) > most:
        raise ParseError(f"it has more than {most:,} bytes (fetch.max_bytes)")
    media_type = mimetypes.guess_type(name.removesuffix(".gz"))[0]
    headers = {"content-type": media_type} if media_type else {}
    document = Document(url=url or UNKNOWN, body=unpacked(body, most), headers=headers)
    read = pages.read(document)
    stands_before = trouble(document, read)
    if stands_before is not None:
        raise ParseError(stands_before.reason, kind=stands_before.kind)
    return article_of(read if url else _at_its_own_word(read))


def _at_its_own_word(read: pages.Page) -> pages.Page:
    """A page of unknown origin, at the address that it gives as its own."""
    address = canonical(read, meta(read))
    if address is None or address.startswith(UNKNOWN):
        return read
    base = absolute(read.base.removeprefix(UNKNOWN), address) or address
    return replace(read, url=address, base=base)
