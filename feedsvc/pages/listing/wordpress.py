"""What does WordPress's own API say of the articles that a page should list?

A page of WordPress names its API (``<link rel="https://api.w.org/">``). It is asked only where the page
itself shows no list, such as one that is drawn by JavaScript: what the page lists is chosen by people, the
API only has the newest. Source: developer.wordpress.org/rest-api/reference/posts.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from feedsvc.model import Author, Document, Image, ParsedItem
from feedsvc.pages.page import Page
from feedsvc.refine.dates import read_date

MOST: Final = 20
_REL: Final = "https://api.w.org/"
_TERM: Final = re.compile(r"(?:^|\s)(category|tag|author)-(\d{1,9})(?=\s|$)")
_PARAMETERS: Final = {"category": "categories", "tag": "tags", "author": "author"}


def request_url(page: Page) -> str | None:
    """The address of the newest posts, of the category, tag or author that this page is about."""
    for link in page.tree.iter("link"):
        if (link.get("rel") or "").strip().lower() == _REL and (base := page.link(link.get("href"))):
            mark = "&" if "?" in base else "?"
            posts = f"{base.rstrip('/')}/wp/v2/posts{mark}per_page={MOST}"
            return f"{posts}&_embed=author,wp:featuredmedia{_term(page)}"
    return None


def _term(page: Page) -> str:
    body = page.tree.find("body")
    found = _TERM.search((body.get("class") or "") if body is not None else "")
    return f"&{_PARAMETERS[found[1]]}={found[2]}" if found else ""


def posts(document: Document) -> tuple[ParsedItem, ...] | None:
    """The articles of the API's answer; None if the document is something else."""
    if document.body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"[":
        return None
    try:
        found = json.loads(document.body)
    except (ValueError, RecursionError):
        return None
    known = [
        one for one in found if isinstance(one, dict) and "link" in one and isinstance(one.get("title"), dict)
    ]
    return tuple(_item(one) for one in known[:100]) if known or found == [] else None


def _item(post: Mapping[str, Any]) -> ParsedItem:
    embedded = post.get("_embedded")
    embedded = embedded if isinstance(embedded, dict) else {}
    image = next((one.get("source_url") for one in _dicts(embedded.get("wp:featuredmedia"))), None)
    return ParsedItem(
        guid=_rendered(post, "guid"),
        link=_text(post.get("link")),
        title=_rendered(post, "title"),
        summary=_rendered(post, "excerpt"),
        content=_rendered(post, "content"),
        published=_date(post, "date_gmt") or read_date(_text(post.get("date"))),
        updated=_date(post, "modified_gmt"),
        authors=tuple(
            Author(name=name) for one in _dicts(embedded.get("author")) if (name := _text(one.get("name")))
        ),
        image=Image(url=image) if isinstance(image, str) and image else None,
        base_url=_text(post.get("link")),
        evidence="wordpress (0.95)",
    )


def _dicts(value: object) -> Iterator[Mapping[str, Any]]:
    yield from (one for one in (value if isinstance(value, list) else ()) if isinstance(one, dict))


def _rendered(post: Mapping[str, Any], name: str) -> str | None:
    value = post.get(name)
    return _text(value.get("rendered")) if isinstance(value, dict) else None


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _date(post: Mapping[str, Any], name: str) -> datetime | None:
    found = read_date(_text(post.get(name)))
    return found.replace(tzinfo=UTC) if found is not None and found.tzinfo is None else found
