"""Which of the things that a page declares is the article that it shows?"""

from collections.abc import Iterable
from typing import Final

from feedsvc.pages.article.naming import key
from feedsvc.pages.structured import Thing, first_text

# What articles are published as, and how surely it is the subject of its page.
_KINDS: Final = {
    "HowTo": 1, "ImageGallery": 1, "MedicalWebPage": 1, "PodcastEpisode": 1, "Recipe": 1,
    "Review": 1, "VideoObject": 0, "CreativeWork": 0, "DiscussionForumPosting": 2, "Report": 2, "Question": 0,
    "WebPage": -2, "ItemPage": -1, "AboutPage": -2, "CollectionPage": -3,
}  # fmt: skip
_OUTER: Final = frozenset({"", "mainEntity", "mainEntityOfPage", "hasPart", "blogPost", "blogPosts"})


def subjects(found: Iterable[Thing], titles: Iterable[str]) -> list[Thing]:
    """The things that speak of the page's article, the surest first. ``titles``: what the page is called."""
    keys = [key(title) for title in titles]
    rated = [
        (_rating(thing, keys), thing)
        for thing in found
        if thing["@in"] in _OUTER and _kind(thing) is not None
    ]
    rivals = sum(1 for rating, thing in rated if thing["@source"] == "microdata" and _kind(thing) == 2)
    kept = [
        (rating, -number, thing)
        for number, (rating, thing) in enumerate(rated)
        # Of several articles in one page's markup, only one that the page is named after.
        if rating >= 3 or rivals < 2 or thing["@source"] == "json-ld"
    ]
    return [thing for _, _, thing in sorted(kept, key=lambda one: one[:2], reverse=True)]


def _kind(thing: Thing) -> int | None:
    found = [
        2 if name.endswith(("Article", "Posting")) else _KINDS[name]
        for name in thing["@type"]
        if name in _KINDS or name.endswith(("Article", "Posting"))
    ]
    return max(found, default=None)


def _rating(thing: Thing, titles: list[str]) -> int:
    name = key(first_text(thing, "headline", "name") or "")
    is_named = len(name) > 3 and any(name in title or (len(title) > 8 and title in name) for title in titles)
    rating = (_kind(thing) or 0) + (4 if is_named else 0) + (1 if thing["@source"] == "json-ld" else 0)
    return rating + (1 if "datePublished" in thing else 0)
