"""How much of an article may be shown where not all of it may?"""

import html
from dataclasses import replace
from typing import Final

from feedsvc.model import Amount, Article, SafeHtml
from feedsvc.refine.text import shortened, visible

LONGEST: Final = 400  # characters of a summary that the source did not write itself


def cut_to(article: Article, amount: Amount) -> Article:
    """``full``: as it is. ``summary``: the source's own, else the beginning of the text. ``title``: no text,
    and no files, which are the article where there is hardly any text."""
    if amount == "full":
        return article
    if amount == "title":
        nothing = SafeHtml("")
        return replace(article, summary=nothing, content=nothing, enclosures=(), image=None, podcast=None)
    return replace(article, summary=_summary(article), content=SafeHtml(""))


def _summary(article: Article) -> SafeHtml:
    if article.summary and article.summary != article.content:
        return article.summary
    return SafeHtml(html.escape(shortened(visible(article.content), LONGEST), quote=False))
