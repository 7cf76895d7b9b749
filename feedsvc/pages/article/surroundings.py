"""Which elements of a page are marked as headline, byline, date or topic, and where do they stand?

One walk over the tree. Places are counted in characters of text that a reader has seen before.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Final, NamedTuple

from lxml import etree
from lxml.html import HtmlElement

from feedsvc.pages.page import Page
from feedsvc.refine.text import one_line, words

MOST: Final = 3_000  # spots; lines are bounded by the page
_PIECES: Final = 120  # of text, looked at for one spot
_LONGEST: Final = 1_000  # characters of a spot
_CARD_DEPTH: Final = 12  # elements between a link and what is marked in it
_CARD: Final = 20  # characters of a link besides what is marked in it
_CHECKS: Final = 200

_SILENT: Final = words(
    "audio button canvas datalist dialog embed frame head iframe math noframes object option script select "
    "style svg template textarea title video"
)
_INLINE: Final = words(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q rp rt ruby s samp "
    "small span strike strong sub sup time tt u var wbr"
)
_HEADINGS: Final = words("h1 h2 h3 h4")
# Parts of a page that speak of other things than its article.
_ELSEWHERE: Final = words("nav menu form")
_TOLD: Final = _HEADINGS | _ELSEWHERE | {"time"}  # tags that say something without attributes
_ELSEWHERE_ROLES: Final = words("navigation menu menubar search dialog alertdialog")

# Stems of class names and ids, as site software of many languages writes them.
_AUTHOR: Final = re.compile(
    r"author(?!i)|autor|autheur|auteur|byline|writer|redakteur|verfasser|schreiber|skribent|forfatter"
    r"|kirjoittaja|journalist|reporter|contributor|columnist|szerzo|yazar|penulis|redactor|firmante|signature"
    r"|^creator|^postedby|^submitted|^username|^byl$"
)
_NO_AUTHOR: Final = re.compile(
    r"comment|bbcode|avatar|image|img|photo|picture|thumb|bio|descri|social|share|follow|twitter|count"
    r"|widget|relat|icon"
    r"|email|website|teaser|card|reviews?|rev$|reply|copyright|tooltip|button|other|more|latest|login"
    r"|popular|table$|quote|zitat"
)
_DATE: Final = re.compile(
    r"date|datum|datetime|timestamp|publi[sc]|pubdate|posted|fecha|created|erstellt|veroeff|zeit|published"
    r"|^time$|^stamp$|^dato$|^tarih|^data$|^updated$|^submitted$|^day$|^byline$|^meta$|^info$"
)
_NO_DATE: Final = re.compile(
    r"comment|relat|event|update(?!d)|calendar|widget|picker|validate|copyright|termin"
)
_SECTION: Final = re.compile(
    r"categor|kategori|rubri[kc]|ressort|kicker|overline|eyebrow|breadcrumb|section(?:name|title|label)"
    r"|seccion|^topper"
    r"|^channel$|roofline|flag$|volanta|^tema$|antetitulo|cintillo|sectionlink|^section$|^topic$|^tag$"
    r"|^label$"
)
_TAGS: Final = re.compile(
    r"^tags?$|tags?(?:links?|list|cloud)|keywords?|schlagw|stichw|^temas?$|hashtag|^topics?$"
)
_HEADLINE: Final = re.compile(
    r"headline|entrytitle|posttitle|articletitle|storytitle|newstitle|pagetitle|^title$|titulo|titular"
    r"|^titel|^titre"
    r"|^titolo|ueberschrift|^hed$|headertitle|maintitle|contenttitle"
)
# Tried on the whole name alone: "has-sidebar" and "post-footer" say something else.
_ASIDE: Final = re.compile(
    r"^(?:relat|recommend|teasers?$|sidebar|widget|cookie|consent|newsletter|modal|popup|navi|nav$|menu"
    r"|breaking|ticker"
    r"|promo|more$|mostread|popular|trending|meistgelesen|latest|recent|footer|sitefooter|pagefooter"
    r"|cards?$|carousel|slider"
    r"|rail$|ads?$|advert|reviews|outbrain|taboola|archive|breadcrumb)|(?:relatedarticles|relatedposts"
    r"|newsletter|sidebar)$"
)
_COMMENTS: Final = re.compile(
    r"^(?:(?:user|reader|post|article)?comments?(?:$|list|area|section|wrap|container|form|holder|body"
    r"|thread)|disqus"
    r"|kommentare?(?:$|liste|bereich)|respond$|commentaires$|comentarios$|commenti$|reacties$)"
)
_SPLIT: Final = re.compile(r"[^\W\d_]+")
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")

# Where sites keep the pages of those who write for them.
_PROFILE: Final = re.compile(
    r"/(?:authors?|autor(?:en|es|a|as|i|e)?|auteurs?|writers?|contributors?|reporters?|columnists?"
    r"|journalist\w*|editors?|bios?|signataires?|autorinnen|schrijvers?|giornalisti|kolumnist\w*|szerzok?"
    r"|autorzy"
    r"|redakt\w+|byline|by|staff|profile|firmas?|forfatter|skribent|penulis|yazar\w*"
    r"|mitglieder)[/=](?=[^/?#])",
    re.IGNORECASE,
)

HEADLINE, AUTHOR, DATE, SECTION, TAGS = "headline", "author", "date", "section", "tags"
ASIDE, COMMENTS = "aside", "comments"
_STEMS: Final = (
    (HEADLINE, _HEADLINE),
    (AUTHOR, _AUTHOR),
    ("no author", _NO_AUTHOR),
    (DATE, _DATE),
    ("no date", _NO_DATE),
    (SECTION, _SECTION),
    (TAGS, _TAGS),
)
_NONE: Final[frozenset[str]] = frozenset()
_DECLARED: Final = {  # what itemprop and rel say
    "headline": frozenset({HEADLINE}),
    "author": frozenset({AUTHOR}),
    "creator": frozenset({AUTHOR}),
    "datepublished": frozenset({DATE}),
    "datecreated": frozenset({DATE}),
    "articlesection": frozenset({SECTION}),
    "category": frozenset({SECTION}),
    "keywords": frozenset({TAGS}),
    "tag": frozenset({TAGS}),
}


class Spot(NamedTuple):
    """An element that is marked as something. ``text`` has a line for each block in it.

    ``asides``: numbers of the parts of the page it stands in that speak of other things than the article.
    """

    role: str
    element: HtmlElement
    text: str
    place: int
    asides: tuple[int, ...]


class Line(NamedTuple):
    """What is read as one piece. ``tag`` is that of the innermost block, ``linked`` its size in links."""

    text: str
    place: int
    tag: str
    linked: int
    asides: tuple[int, ...]


Headline = Spot | Line  # a heading, or what stands in the place of one


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    spots: tuple[Spot, ...] = field(repr=False)
    lines: tuple[Line, ...] = field(repr=False)

    def of(self, *roles: str) -> Iterator[Spot]:
        return (spot for spot in self.spots if spot.role in roles)

    def start(self, headline: Headline | None) -> int:
        """Where the article begins: at its headline, else at the first heading, else at the top."""
        return next((spot.place for spot in (headline, *self.of(HEADLINE)) if spot is not None), 0)

    def beside(self, headline: Headline | None) -> "Surroundings":
        """Without the parts that speak of other things; what holds the headline is none of those."""
        here = set(headline.asides) if headline else set()
        return Surroundings(
            spots=tuple(spot for spot in self.spots if here.issuperset(spot.asides)),
            lines=tuple(line for line in self.lines if here.issuperset(line.asides)),
        )


def is_in_card(spot: Spot) -> bool:
    """Is it a part of a link that says more, as teasers of other articles do?"""
    around = islice(spot.element.iterancestors(), _CARD_DEPTH)
    link = next((one for one in around if one.tag == "a"), None)
    texts = () if link is None else islice(link.itertext(), _PIECES)
    return sum(len(text) for text in texts if not text.isspace()) > len(spot.text) + _CARD


def surroundings(page: Page) -> Surroundings:
    walk = _Walk()
    body = page.tree.find("body")
    events = etree.iterwalk(page.tree if body is None else body, events=("start", "end", "comment", "pi"))
    for event, element in events:
        if event == "start":
            if not walk.start(element):
                events.skip_subtree()
        elif event == "end":
            walk.end(element)
        if event != "start" and element.tail and element is not body:
            walk.say(element.tail)
    walk.flush()
    return Surroundings(spots=tuple(walk.spots), lines=tuple(walk.lines))


class _Walk:
    """What is known at a point of the walk. ``said`` are the pieces of text up to there."""

    def __init__(self) -> None:
        self.spots: list[Spot] = []
        self.lines: list[Line] = []
        self.said: list[str] = []
        self.place = 0
        self.open: list[tuple[HtmlElement, tuple[str, ...], int, int]] = []
        self.asides: list[tuple[HtmlElement, int]] = []
        self.inside: tuple[int, ...] = ()
        self.blocks: list[str] = ["body"]
        self.from_piece = 0
        self.line_place = 0
        self.linked = 0
        self.links = 0
        self.checks = 0

    def start(self, element: HtmlElement) -> bool:
        tag = element.tag
        if tag in _SILENT:
            return False
        if tag not in _INLINE:
            self.flush()
            if tag != "br":
                self.blocks.append(tag)
        elif tag == "a":
            self.links += 1
        if tag not in {"body", "html"} and not self._note(element, tag):
            return False
        if element.text:
            self.say(element.text)
        return True

    def _note(self, element: HtmlElement, tag: str) -> bool:
        """Is there anything of the article in it?"""
        if tag not in _TOLD and not element.keys():
            return True
        get = element.get
        names = f"{get('class', '')} {get('id', '')}"[:_LONGEST]
        declared = f"{get('itemprop', '')} {get('rel', '') if tag == 'a' else ''}"[:_LONGEST]
        marks = () if names == declared == " " else marked(names, declared)
        is_aside = marks and marks[0] in {ASIDE, COMMENTS} and AUTHOR not in marks
        is_aside = is_aside or tag in _ELSEWHERE or get("role") in _ELSEWHERE_ROLES
        if is_aside and not self._holds_headline(element, tag):
            if COMMENTS in marks:
                return False
            self.checks += 1
            self.asides.append((element, self.checks))
            self.inside = (*self.inside, self.checks)
        if marks and marks[0] in {ASIDE, COMMENTS}:
            marks = tuple(mark for mark in marks if mark not in {ASIDE, COMMENTS})
        if tag in _HEADINGS and HEADLINE not in marks:
            marks = (*marks, HEADLINE)
        elif tag == "time" and DATE not in marks:
            marks = (*marks, DATE)
        elif tag == "a" and AUTHOR not in marks and _PROFILE.search(get("href", "")[:_LONGEST]):
            marks = (*marks, AUTHOR)
        if marks and len(self.spots) + len(self.open) < MOST:
            self.open.append((element, marks, len(self.said), self.place))
        return True

    def _holds_headline(self, element: HtmlElement, tag: str) -> bool:
        """Then its name says something else than we think."""
        if tag in {"article", "main"}:
            return True
        return self.checks <= _CHECKS and element.find(".//h1") is not None

    def end(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag in _SILENT:
            return
        if self.open and self.open[-1][0] is element:
            _, roles, piece, place = self.open.pop()
            said = "".join(one[:_LONGEST] for one in self.said[piece : piece + _PIECES])[: 2 * _LONGEST]
            text = "\n".join(filter(None, map(one_line, said.split("\n"))))[:_LONGEST]
            for role in roles:
                self.spots.append(Spot(role, element, text, place, self.inside))
        if self.asides and self.asides[-1][0] is element:
            self.asides.pop()
            self.inside = self.inside[:-1]
        if tag == "a":
            self.links -= 1
        if tag not in _INLINE:
            self.flush()
            if tag != "br":
                self.blocks.pop()

    def say(self, text: str) -> None:
        self.said.append(text.replace("\n", " "))
        size = len(text) if not text.isspace() else 0
        self.place += size
        if self.links > 0:
            self.linked += size

    def flush(self) -> None:
        """End the line."""
        if len(self.said) == self.from_piece:
            return
        if self.place > self.line_place:
            text = one_line("".join(self.said[self.from_piece :]))
            self.lines.append(Line(text, self.line_place, self.blocks[-1], self.linked, self.inside))
        self.said.append("\n")
        self.from_piece = len(self.said)
        self.line_place = self.place
        self.linked = 0


@lru_cache(maxsize=4_096)
def marked(names: str, declared: str) -> tuple[str, ...]:
    """The roles that an element's names (class, id) and what it declares (itemprop, rel) give it."""
    found = set().union(*map(_read, names.split()))
    if AUTHOR in found and "no author" in found:
        found.remove(AUTHOR)
    if DATE in found and "no date" in found:
        found.remove(DATE)
    for word in declared.lower().split():
        found |= _DECLARED.get(word, _NONE)
    return tuple(role for role in (ASIDE, COMMENTS, HEADLINE, AUTHOR, DATE, SECTION, TAGS) if role in found)


@lru_cache(maxsize=16_384)
def _read(name: str) -> frozenset[str]:
    """``article-author__name`` is read as "article", "author", "name" and "articleauthorname"."""
    parts = _SPLIT.findall(_CAMEL.sub("-", name).lower())
    if len(parts) > 1:
        parts.append("".join(parts))
    found = {role for role, stem in _STEMS if any(map(stem.search, parts))}
    if name == "fn":  # of hCard; in other names it stands for footnotes
        found.add(AUTHOR)
    if parts and _ASIDE.search(parts[-1]):
        found.add(ASIDE)
    if parts and _COMMENTS.search(parts[-1]):
        found.add(COMMENTS)
    return frozenset(found)
