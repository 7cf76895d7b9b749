"""Which page goes on where a list ends?"""

from typing import Final
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from feedsvc.pages.listing.survey import class_words, text_of
from feedsvc.pages.page import Page

_NEXT_LABELS: Final = frozenset(
    "next|next page|older|older posts|older entries|older articles|older stories|more|›|»|→|>|nächste|nächste seite|weiter"
    "|ältere beiträge|suivant|page suivante|suivante|siguiente|página siguiente|próxima|próxima página|seguinte|successivo"
    "|avanti|successiva|volgende|neste|næste|nästa|seuraava|następna|następna strona|dalej|další|ďalej|következő|următoarea"
    "|следующая|вперед|вперёд|далее|наступна|επόμενη|sonraki|التالي|הבא|بعدی|अगला|ถัดไป|berikutnya|selanjutnya|trang sau|tiếp"
    "|次へ|次のページ|次|다음|下一页|下一頁|下页".split("|")
)
_LONGEST: Final = 30


def next_url(page: Page) -> str | None:
    """By ``rel=next``, else by a link that says so. Only on the same host, and never this page itself."""
    for link in page.tree.iter("link", "a"):
        if "next" in (link.get("rel") or "").lower().split() and (url := _elsewhere(page, link)):
            return url
    for link in page.tree.iter("a"):
        if _says_next(link) and (url := _elsewhere(page, link)):
            return url
    return None


def _says_next(link: HtmlElement) -> bool:
    names = class_words(link.get("class") or "")
    if "next" in names and "slide" not in names:
        return True
    label = text_of(link) or link.get("aria-label") or link.get("title") or ""
    return 0 < len(label) <= _LONGEST and label.lower().strip(" \t›»→>…") in _NEXT_LABELS and _pages(link)


def _pages(link: HtmlElement) -> bool:
    """Does it lead to something numbered, so that it turns pages rather than slides?"""
    return any(char.isdigit() for char in link.get("href") or "")


def _elsewhere(page: Page, link: HtmlElement) -> str | None:
    url = page.link(link.get("href"))
    if url is None:
        return None
    here, there = urlsplit(page.url), urlsplit(url)
    return url if there.netloc == here.netloc and there[2:4] != here[2:4] else None
