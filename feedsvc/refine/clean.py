"""What of an untrusted item may be stored and shown to anybody?

The only place that imports nh3, and the only one that makes ``SafeHtml``.
"""

import html
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from typing import Final, Literal
from urllib.parse import unquote, urlsplit

import nh3

from feedsvc import languages
from feedsvc.model import Article, Author, Enclosure, Image, ParsedItem, SafeHtml, Source
from feedsvc.refine.fingerprint import fingerprint
from feedsvc.refine.links import absolute, without_secrets
from feedsvc.refine.markup import LONGEST, flattened, is_too_costly, prepared
from feedsvc.refine.moment import moments
from feedsvc.refine.podcast import cleaned
from feedsvc.refine.text import is_blank, one_line, shortened, visible, words, xml_text

TextType = Literal["text", "html"]

LONGEST_TITLE: Final = 1_000  # characters
TITLE_FROM_TEXT: Final = 80
UNTITLED: Final = "Untitled"
MOST: Final = 200  # authors, tags or files of one article

_TAGS: Final = words(
    "a abbr article aside audio b bdi bdo big blockquote br caption center cite code col colgroup dd del "
    "details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main "
    "mark ol p picture pre q rp rt ruby s samp section small source span strike strong sub summary sup "
    "table tbody td tfoot th thead time tr tt u ul var video wbr"
)
# Gone with all that is in them: what is in them is no text for readers.
_DROPPED_WHOLE: Final = words(
    "applet canvas datalist embed frame frameset iframe noembed noframes object option script select "
    "style svg template textarea title"
)
_ATTRIBUTES: Final = {
    "*": {"dir", "lang", "title"},
    "a": {"href"},
    "audio": {"src"},
    "blockquote": {"cite"},
    "col": {"span"},
    "colgroup": {"span"},
    "del": {"cite", "datetime"},
    "details": {"open"},
    "img": {"alt", "height", "src", "srcset", "width"},
    "ins": {"cite", "datetime"},
    "li": {"value"},
    "ol": {"reversed", "start", "type"},
    "q": {"cite"},
    "source": {"height", "media", "sizes", "src", "srcset", "type", "width"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
    "video": {"height", "poster", "src", "width"},
}
_LINKS: Final = frozenset({"href", "src", "poster", "cite"})
_OTHER_SCHEMES: Final = ("mailto:", "tel:")
_NO_SOURCE: Final = re.compile(r"""<img(?:\s(?!src(?:set)?=)[a-z]+="[^"]*")*>""")
_BLANK_LINE: Final = re.compile(r"\n[ \t]*\n\s*")
_EMAIL: Final = re.compile(r"[^\s@<>()\",;:]+@[^\s@<>()\",;:]+")
_MOST_SUBTAGS: Final = 4  # of a language, which a column of the store has to hold


def clean(item: ParsedItem, *, source: Source, base_url: str, now: datetime, language: str | None) -> Article:
    """The article that an item is, safe to publish. Never fails, whatever the item claims.

    ``base_url`` is where the document came from; ``language`` that of the source for articles which,
    like the source's configuration, name none. The title is the item's, else the beginning of its text,
    else the end of its link's path, else "Untitled".
    """
    base = absolute(item.base_url or "", without_secrets(base_url)) or without_secrets(base_url)
    link = absolute(item.link, base) if item.link else None
    content = _safe(item.content, item.content_type, base=base, page=link)
    summary = _safe(item.summary, item.summary_type, base=base, page=link)
    title = _title(item, link=link, text=content or summary)
    authors, tags = _authors(item.authors, base), _tags(item.tags)
    enclosures, image = _enclosures(item.enclosures, base), _image(item.image, base, title)
    said = (title, visible(summary), visible(content)) if item.podcast else ()
    podcast = cleaned(item.podcast, base=base, words=plain, said=said)
    when = moments(item.published, item.updated, zone=source.timezone, now=now)
    return Article(
        title=title,
        link=link,
        summary=summary,
        content=content,
        published=when.published,
        updated=when.updated,
        date_flag=when.flag,
        fingerprint=fingerprint(
            title=title,
            link=link,
            summary=summary,
            content=content,
            authors=authors,
            tags=tags,
            enclosures=enclosures,
            image=image,
            podcast=podcast,
        ),
        authors=authors,
        tags=tags,
        enclosures=enclosures,
        image=image,
        podcast=podcast,
        language=language_tag(item.language, source.language, language),
        rights=plain(item.rights) or None,
        via=absolute(item.via, base) if item.via else None,
        via_title=plain(item.via_title) or None,
    )


def plain(text: str | None, kind: TextType = "html") -> str:
    """One line of plain text without tags and entities; empty if there is nothing to see."""
    text = xml_text((text or "")[:LONGEST])
    if kind == "html" and ("<" in text or "&" in text):
        text = flattened(text) if is_too_costly(text) else visible(_words_only().clean(_apart(text)))
        text = xml_text(text)  # references such as &#1; have become characters
    text = one_line(text)
    return "" if is_blank(text) else shortened(text, LONGEST_TITLE)


def safe_html(markup: str, base_url: str) -> SafeHtml:
    """Untrusted markup of a page at ``base_url``, safe to show, its links absolute."""
    return _safe(markup, "html", base=base_url, page=base_url)


# ---- markup -----------------------------------------------------------------------------------------


def _safe(text: str | None, kind: TextType, *, base: str, page: str | None) -> SafeHtml:
    """Text or untrusted markup as markup that is safe anywhere; links absolute, "#..." on ``page``."""
    if not text:
        return SafeHtml("")
    text = xml_text(text[:LONGEST])
    if kind == "text":
        return _paragraphs(text)
    text = text.strip()
    if not any(mark in text for mark in "<&>\xa0"):
        return SafeHtml(text)
    markup = prepared(text, base)
    if is_too_costly(markup):
        return _paragraphs(flattened(markup))
    return _sanitised(markup, base=base, page=page)


def _sanitised(markup: str, *, base: str, page: str | None) -> SafeHtml:
    safe = _sanitiser(base, page or base).clean(markup)
    if "<img" in safe:
        safe = _NO_SOURCE.sub("", safe)
    return SafeHtml(xml_text(safe).strip())


def _paragraphs(text: str) -> SafeHtml:
    """Plain text as markup: empty lines part paragraphs, other line ends stay line ends."""
    lines = xml_text(text).replace("\r\n", "\n").replace("\r", "\n").strip()
    escaped = html.escape(lines, quote=False)
    if "\n" not in escaped:
        return SafeHtml(escaped)
    blocks = (block.strip().replace("\n", "<br>\n") for block in _BLANK_LINE.split(escaped))
    return SafeHtml("\n".join(f"<p>{block}</p>" for block in blocks if block))


@lru_cache(maxsize=256)
def _sanitiser(base: str, page: str) -> nh3.Cleaner:
    """One for each base: it takes time to build, and feeds keep to one base."""

    def link(_tag: str, name: str, value: str) -> str | None:
        if name in _LINKS:
            return _target(value, base=base, page=page)
        return _srcset(value, base) if name == "srcset" else value

    return nh3.Cleaner(
        tags=set(_TAGS),
        clean_content_tags=set(_DROPPED_WHOLE),
        attributes=_ATTRIBUTES,
        attribute_filter=link,
        set_tag_attribute_values={"audio": {"controls": ""}, "video": {"controls": ""}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,  # no target is allowed, so no page gets ours as its opener
    )


@lru_cache(maxsize=1)
def _words_only() -> nh3.Cleaner:
    dropped = set(_DROPPED_WHOLE - {"title"})
    return nh3.Cleaner(tags=set(), attributes={}, clean_content_tags=dropped, link_rel=None)


def _target(value: str, *, base: str, page: str) -> str | None:
    value = value.strip()
    if value.lower().startswith(_OTHER_SCHEMES):
        return value
    return absolute(value, page if not value or value[0] == "#" else base)


def _srcset(value: str, base: str) -> str | None:
    """The candidates whose address can be had (HTML 4.8.4.2.1), None if there are none."""
    kept = ((absolute(url, base), size) for url, size in _candidates(value))
    return ", ".join(f"{url} {size}".rstrip() for url, size in kept if url is not None) or None


def _candidates(value: str) -> Iterator[tuple[str, str]]:
    """(address, size) of each; an address may have commas in it but not at its end."""
    url = ""
    for word in value.split():
        if not url:
            url = word
            if word.endswith(","):
                yield word.rstrip(","), ""
                url = ""
        else:
            size, _, rest = word.partition(",")
            yield url, size
            url = rest
    if url:
        yield url, ""


def _apart(text: str) -> str:
    """Tags that part words leave a space behind when they go."""
    return re.sub(r"<(?=/?(?:br|p|div|li|h[1-6]|td)\b)", " <", text, flags=re.IGNORECASE)


# ---- fields -----------------------------------------------------------------------------------------


def _title(item: ParsedItem, *, link: str | None, text: SafeHtml) -> str:
    given = plain(item.title, item.title_type)
    if given:
        return given
    beginning = visible(_beginning(text))
    if not is_blank(beginning):
        return shortened(beginning, TITLE_FROM_TEXT)
    return _title_from(link) or UNTITLED


def _beginning(markup: str) -> str:
    """More than enough of it for a title, not cut within a tag."""
    head = markup[: 50 * TITLE_FROM_TEXT]
    return head[: head.rfind("<")] if head.rfind("<") > head.rfind(">") else head


def _title_from(link: str | None) -> str:
    """``.../2026/a-fine-day.html`` -> "a fine day"."""
    if link is None:
        return ""
    segment = urlsplit(link).path.rstrip("/").rpartition("/")[2]
    name = unquote(segment, errors="ignore").partition(".")[0]
    return plain(name.replace("-", " ").replace("_", " "), "text")


def _authors(claimed: Iterable[Author], base: str) -> tuple[Author, ...]:
    """Each once, with a name: that of the mail box or the host where the source gives none."""
    found: dict[str, Author] = {}
    for author in claimed:
        url = absolute(author.url, base) if author.url else None
        email = _email(author.email) or _email(author.name)
        name = plain(author.name) if author.name != email else ""
        name = name or (email or "").partition("@")[0] or (urlsplit(url).hostname or "" if url else "")
        if name:
            found.setdefault(name.casefold(), Author(name=name, email=email, url=url))
    return tuple(found.values())[:MOST]


def _email(text: str | None) -> str | None:
    found = _EMAIL.fullmatch(xml_text(text or "").strip().removeprefix("mailto:"))
    return found[0] if found else None


def _tags(claimed: Iterable[str]) -> tuple[str, ...]:
    """Each once, whatever its case, as first written and in the source's order."""
    found: dict[str, str] = {}
    for name in filter(None, map(plain, claimed)):
        found.setdefault(name.casefold(), name)
    return tuple(found.values())[:MOST]


def _enclosures(claimed: Iterable[Enclosure], base: str) -> tuple[Enclosure, ...]:
    found: dict[str, Enclosure] = {}
    for one in claimed:
        url = absolute(one.url, base)
        if url is not None:
            found.setdefault(
                url,
                Enclosure(
                    url=url,
                    type=_media_type(one.type),
                    length=_count(one.length),
                    title=plain(one.title) or None,
                    duration=_count(one.duration),
                ),
            )
    return tuple(found.values())[:MOST]


def _image(claimed: Image | None, base: str, title: str) -> Image | None:
    url = absolute(claimed.url, base) if claimed else None
    if claimed is None or url is None:
        return None
    caption = plain(claimed.caption)
    return Image(
        url=url,
        width=_count(claimed.width) or None,
        height=_count(claimed.height) or None,
        credit=plain(claimed.credit) or None,
        caption=caption if caption and caption != title else None,
    )


def _count(number: int | None) -> int | None:
    """A number that every database and format can hold, or None."""
    return number if number is not None and 0 <= number < 2**53 else None


def _media_type(text: str | None) -> str | None:
    found = re.match(r"[\w.+-]+/[\w.+-]+", xml_text(text or "").strip().lower(), re.ASCII)
    return found[0] if found else None


def language_tag(*claims: str | None) -> str | None:
    """The first of these that is a tag of BCP 47."""
    for claim in claims:
        tag = languages.language_tag((claim or "").strip().replace("_", "-"))
        if tag and tag.count("-") <= _MOST_SUBTAGS:
            return tag
    return None
