"""What is an article about: which section is it in, and which tags has it?"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from feedsvc.pages.article.naming import is_front_page, key
from feedsvc.pages.article.surroundings import SECTION, TAGS, Headline, Spot, Surroundings
from feedsvc.pages.article.written import find_dates
from feedsvc.pages.meta import Meta
from feedsvc.pages.structured import Thing, address_of, first_text, is_a, texts, values
from feedsvc.refine.text import one_line, words

MOST: Final = 60  # tags
MOST_SECTIONS: Final = 4
_LONGEST: Final = 60  # characters of a name
_LABEL: Final = 40  # characters of a section that stands above a headline without markup
_SECTIONS: Final = (
    "article:section", "og:article:section", "section", "parsely-section", "sailthru.section",
    "dc.subject.section", "cxenseparse:section", "page.section", "news_section", "articlesection",
    "article.section", "category", "dcsext.section",
)  # fmt: skip
_TAGS: Final = (
    "article:tag", "og:article:tag", "news_keywords", "parsely-tags", "sailthru.tags",
    "cxenseparse:tag", "citation_keywords",
)  # fmt: skip
_HOME: Final = words(
    "home homepage startseite start accueil inicio início inicial hjem hem etusivu strona główna главная "
    "головна anasayfa beranda trangchủ 首页 首頁 ホーム トップ top 홈 الرئيسية בית خانه domů főoldal acasă "
    "начало frontpage front index"
)
_SPLIT: Final = re.compile(r"\s*[,;|、，·•\n]\s*")
_NO_LABEL: Final = re.compile(r"[.!?:…\"“„]|\d{3}|\b(?:by|von|par|por|min|read|share|menu)\b", re.IGNORECASE)


def section(
    declared: Meta,
    found: Iterable[Thing],
    subjects: Iterable[Thing],
    around: Surroundings,
    headline: Headline | None,
    site: frozenset[str],
) -> tuple[str, ...]:
    """The sections, the widest first: as declared, else by breadcrumbs, else by the label above."""
    title = key(headline.text) if headline else ""
    told = [text for thing in list(subjects)[:3] for text in texts(thing, "articleSection")]
    told += [text for name in _SECTIONS for text in declared.get(name, ())]
    for names in (told, [*_trail(found, title)], [*_marked(around, headline)], [*_label(around, headline)]):
        kept = _each(names, site, title)
        if kept:
            return tuple(kept[:MOST_SECTIONS])
    return ()


def tags(
    declared: Meta,
    subjects: Iterable[Thing],
    around: Surroundings,
    headline: Headline | None,
    site: frozenset[str],
    text: str,
) -> tuple[str, ...]:
    """What the article is tagged with; keywords of the page only as far as its ``text`` has them."""
    title = key(headline.text) if headline else ""
    linked = [one for spot in around.of(TAGS) for one in _links(spot)]
    told = [
        text for thing in list(subjects)[:3] for one in texts(thing, "keywords") for text in _SPLIT.split(one)
    ]
    told += [one for name in _TAGS for value in declared.get(name, ()) for one in _SPLIT.split(value)]
    if not told and not linked:
        said = key(text)
        keywords = (one for value in declared.get("keywords", ()) for one in _SPLIT.split(value))
        told = [one for one in keywords if len(key(one)) > 2 and key(one) in said]
    return tuple(_each([*told, *linked], site, title)[:MOST])


def _each(names: Iterable[str], site: frozenset[str], title: str) -> list[str]:
    found: dict[str, str] = {}
    for name in names:
        text = one_line(name).strip(" #,;:»›>/|–-")
        if _is_topic(text) and key(text) not in site and key(text) != title and key(text) not in _HOME:
            found.setdefault(key(text), text)
    return list(found.values())


def _is_topic(text: str) -> bool:
    return (
        1 < len(text) <= _LONGEST
        and "://" not in text
        and any(map(str.isalpha, text))
        and len(text.split()) < 7
    )


# ---- breadcrumbs, labels ----------------------------------------------------------------------------


def _trail(found: Iterable[Thing], title: str) -> Iterator[str]:
    """The names of a breadcrumb list between the front page and the article."""
    lists = [one for one in found if is_a(one, "BreadcrumbList")]
    if not lists:
        return
    items = [one for one in values(lists[0], "itemListElement") if isinstance(one, dict)]
    for number, item in enumerate(items):
        inner = item.get("item")
        name = first_text(item, "name") or (first_text(inner, "name") if isinstance(inner, dict) else None)
        address = address_of(inner) or address_of(item) or ""
        is_home = number == 0 and len(items) > 1 and is_front_page(address)
        is_last = (
            number == len(items) - 1
            and number > 0
            and bool(title)
            and (not name or key(name) in title or title in key(name))
        )
        if name and not is_home and not is_last:
            yield name


def _marked(around: Surroundings, headline: Headline | None) -> Iterator[str]:
    """Labels that are marked as such and stand near the headline."""
    start = headline.place if headline else 0
    for spot in around.of(SECTION):
        if (
            not -500 < spot.place - start < 300
            or len(spot.text) > 3 * _LONGEST
            or next(find_dates(spot.text), None)
        ):
            continue
        names = _links(spot) or [spot.text]
        yield from (name for name in names if not _NO_LABEL.search(name))


def _links(spot: Spot) -> list[str]:
    """The texts of the links in an element, or of the element itself where it is one."""
    element = spot.element
    if element.tag == "a":
        return [spot.text]
    return [one_line(str(link.xpath("string()")))[:200] for link in element.xpath(".//a")[:MOST]]


def _label(around: Surroundings, headline: Headline | None) -> Iterator[str]:
    """The line right above the headline, if it is no more than a name: pages without any marks have that."""
    if headline is None:
        return
    before = [line for line in around.lines if line.place < headline.place][-1:]
    for line in before:
        if len(line.text) <= _LABEL and len(line.text.split()) < 5 and not _NO_LABEL.search(line.text):
            yield line.text
