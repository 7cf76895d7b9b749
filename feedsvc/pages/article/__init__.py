"""Which article does a page show, and what becomes of an item when its page was read, too?"""

from collections.abc import Sequence
from typing import Final

from feedsvc.model import Extracted
from feedsvc.pages.article.body import body
from feedsvc.pages.article.bylines import authors
from feedsvc.pages.article.dates import dated
from feedsvc.pages.article.language import language_of
from feedsvc.pages.article.merging import merge
from feedsvc.pages.article.site import site_names
from feedsvc.pages.article.subject import subjects
from feedsvc.pages.article.surroundings import surroundings
from feedsvc.pages.article.titles import head_titles, title
from feedsvc.pages.article.topics import section, tags
from feedsvc.pages.article.whereabouts import canonical, lead_image, next_page
from feedsvc.pages.meta import Meta, meta
from feedsvc.pages.page import Page
from feedsvc.pages.structured import Thing, first_text, things
from feedsvc.refine.text import visible

_SUMMARIES: Final = (
    "og:description",
    "description",
    "twitter:description",
    "dc.description",
    "dcterms.description",
)


def extract(page: Page) -> Extracted:
    """The article that a page shows, with all that the page says about it; what is not there stays empty."""
    declared, found = meta(page), things(page)
    heads, site = head_titles(page, declared), site_names(page, declared, found)
    about, whole = subjects(found, heads), surroundings(page)
    name, name_from, headline = title(heads, about, whole, site)
    near = whole.beside(headline)
    text = body(page, title=name)
    spoken = language_of(page, declared, about, text.text or "\n".join(line.text for line in near.lines))
    when = dated(page, declared, about, near, headline, spoken)
    by, by_from = authors(declared, about, near, headline, site)
    evidence = {"title": name_from, "published": when.source, "authors": by_from}
    return Extracted(
        url=page.url,
        title=name,
        authors=by,
        published=when.published,
        modified=when.modified,
        language=spoken,
        section=section(declared, found, about, near, headline, site),
        tags=tags(declared, about, near, headline, site, f"{name} {text.text}"),
        summary=_summary(declared, about),
        image=lead_image(page, declared, about, text.html),
        canonical=canonical(page, declared),
        html=text.html,
        text=text.text,
        next_url=next_page(page, declared),
        evidence={field: source for field, source in evidence.items() if source},
    )


def _summary(declared: Meta, about: Sequence[Thing]) -> str | None:
    told = (value for name in _SUMMARIES for value in declared.get(name, ()))
    things_told = (text for thing in about[:2] if (text := first_text(thing, "description")))
    return next((text for value in (*told, *things_told) if (text := visible(value))), None)


__all__ = ["extract", "merge"]
