"""Has an article changed in a way that a reader would care about?

The fingerprint is a hash over what is read: words, link targets, pictures, attached files, people, tags.
White space, markup, tracking, counters and relative times are taken out first, so that they move nothing.
"""

import hashlib
import html
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from feedsvc.model import Author, Enclosure, Image, Podcast
from feedsvc.refine.canonical import canonical_url
from feedsvc.refine.podcast import facts as episode_facts
from feedsvc.refine.text import words

VERSION: Final = "1"  # with another one every article counts as changed, once

_TAG: Final = re.compile(r'<[^<>"]*(?:"[^"]*"[^<>"]*)*>')
_TARGET: Final = re.compile(r'\s(href|src|poster)="([^"]*)"')

# "123 views", "Comments: 5", "1.2k likes", in the languages of many feeds.
_COUNTED: Final = (
    r"views?|hits|reads?|comments?|replies|reply|likes?|shares?|upvotes?|points?|claps?|reactions?"
    r"|aufrufe?|kommentare?|vues?|commentaires?|visitas|vistas|comentarios?|comentários?|visualizações"
    r"|visualizzazioni|commenti|reacties|weergaven|komentarzy|komentarze|wyświetleń|просмотр\w*|комментари\w*"
)
_UNIT: Final = (
    r"s|secs?|seconds?|mins?|minutes?|hrs?|h|hours?|d|days?|weeks?|months?|years?"
    r"|sekunden?|minuten?|stunden?|tag(?:en)?|wochen?|monat(?:en)?|jahr(?:en)?"
    r"|secondes?|heures?|jours?|semaines?|mois|ans?|segundos?|minutos?|horas?|días?|dias?|semanas?|mes(?:es)?"
    r"|años?|anos?|secondi|minut[oi]|or[ae]|giorn[oi]|settiman[ae]|mes[ei]|ann[oi]|uur|uren|dagen|weken|maanden"
)
# What stands before a number or after it where the number counts up by itself.
_NUMBER: Final = re.compile(r"\d(?<![\d.,].)[\d.,]{0,15}")
_LABEL: Final = re.compile(rf"\b(?:{_COUNTED})\s?[:(]$")
_SINCE: Final = (" vor", "il y a", " hace", " há")
_COUNTED_AFTER: Final = re.compile(
    rf"\s?[km]?\s(?:{_COUNTED})\b|\s?(?:{_UNIT})\s(?:ago|geleden|fa|atrás|temu|sedan|siden)\b"
    r"|\s\w{1,8}\s(?:назад|тому)|\s?(?:秒|分|分钟|時間|小时|日|天)前"
    r"|\s?(?:次浏览|次閲覧|件のコメント|条评论|回視聴)",
    re.IGNORECASE,
)
_UNIT_AFTER: Final = re.compile(rf"\s?(?:{_UNIT})\b", re.IGNORECASE)
_REACH: Final = 30  # characters before a number that may label it
# The same without digits; looked for only where one of the hints stands.
_HINTS: Final = (" ago", "just now", "vor ein", "il y a un", "hace un", "há um")
_WORDED: Final = re.compile(
    rf"\b(?:an?|one)\s(?:{_UNIT})\sago\b|\bjust now\b"
    rf"|\b(?P<since>vor|il y a|hace|há)\s(?:einer|einem|une?|una?|uma?)\s(?:{_UNIT})\b",
    re.IGNORECASE,
)

# Pictures and links that are not the article's: slots whose address is another one at every visit.
_SLOT: Final = "ads?|adserver|adclick|banners?|beacon|feedads|pixel|stats?|track(?:er|ing)?"
_AD_HOST: Final = re.compile(rf"^//(?:{_SLOT})[0-9]*\.")
_AD_PATH: Final = re.compile(rf"/(?:{_SLOT})(?:/|\.|$)")
# Parameters of pictures that choose a size or a format, or are signatures that expire.
_RENDITION: Final = words(
    "auto cb cachebuster crop dpr expires fit fm format h height itok ixid ixlib key-pair-id policy q "
    "quality resize rect s sig signature size ssl strip t token ts v ver w width"
)


def fingerprint(
    *,
    title: str,
    link: str | None,
    summary: str,
    content: str,
    authors: Iterable[Author] = (),
    tags: Iterable[str] = (),
    enclosures: Iterable[Enclosure] = (),
    image: Image | None = None,
    podcast: Podcast | None = None,
) -> str:
    """40 hex digits over the fields of an article; ``summary`` and ``content`` are sanitised markup.

    The order of authors, tags and enclosures does not count. Language, rights and dates are not in it:
    a reader who has the article gains nothing by seeing it again for them.
    """
    facts = (
        VERSION,
        _words(title),
        canonical_url(link, fragment=True) if link else "",
        _markup(summary),
        _markup(content),
        *_set("author", (f"{one.name}\t{one.email or ''}\t{one.url or ''}".casefold() for one in authors)),
        *_set("tag", (tag.casefold() for tag in tags)),
        *_set("file", (f"{canonical_url(one.url)}\t{one.type or ''}" for one in enclosures)),
        _picture(image.url) if image else "",
        *episode_facts(podcast),
    )
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:40]


def _set(name: str, values: Iterable[str]) -> Sequence[str]:
    return [f"{name}\t{value}" for value in sorted(set(values))]


def _words(text: str) -> str:
    """The text without white space and without what counts up by itself."""
    text = " ".join(text.split())
    if any(hint in text for hint in _HINTS):
        text = _WORDED.sub(lambda found: found["since"] or "", text)
    return "".join(_without_counters(text)).replace(" ", "")


def _without_counters(text: str) -> Iterator[str]:
    at = 0
    for number in _NUMBER.finditer(text):
        end = _end_of_counter(text, number)
        if end is not None and number.start() >= at:
            yield text[at : number.start()]
            at = end
    yield text[at:]


def _end_of_counter(text: str, number: re.Match[str]) -> int | None:
    """Where the counter ends that this number begins; None if it is a number like others."""
    if after := _COUNTED_AFTER.match(text, number.end()):
        return after.end()
    before = text[max(0, number.start() - _REACH) : number.start()].rstrip().lower()
    if before.endswith((":", "(")) and _LABEL.search(before):
        return number.end()
    unit = _UNIT_AFTER.match(text, number.end()) if before.endswith(_SINCE) else None
    return unit.end() if unit else None


def _markup(markup: str) -> str:
    """Words and targets of sanitised markup; emphasis and other tags without a target leave no trace."""
    words_alone = _words(html.unescape(_TAG.sub(" ", markup) if "<" in markup else markup))
    return "\n".join((words_alone, *_targets(markup)))


def _targets(markup: str) -> Iterator[str]:
    for attribute, value in _TARGET.findall(markup):
        url = html.unescape(value)
        target = canonical_url(url, fragment=True) if attribute == "href" else _picture(url)
        if not _is_slot(target):
            yield target


def _is_slot(target: str) -> bool:
    return bool(_AD_HOST.match(target) or _AD_PATH.search(target))


def _picture(url: str) -> str:
    """The address without the parameters that choose a rendition."""
    canonical = canonical_url(url)
    path, mark, query = canonical.partition("?")
    kept = [pair for pair in query.split("&") if pair.partition("=")[0].lower() not in _RENDITION]
    kept = [pair for pair in kept if not pair.lower().startswith("x-amz-")]
    return f"{path}{mark}{'&'.join(kept)}" if kept else path
