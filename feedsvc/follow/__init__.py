"""Where does a source lead beyond its first document: to more of its list, and to the pages of its articles?

Everything here is bounded in number and in time, asks on condition, and asks again for what could not be had.
"""

from feedsvc.follow.answers import explained, until
from feedsvc.follow.article import ArticlePage, article_at, article_in
from feedsvc.follow.documents import Gathered, gather
from feedsvc.follow.pages import Texts, read_pages, wants_pages

__all__ = [
    "ArticlePage",
    "Gathered",
    "Texts",
    "article_at",
    "article_in",
    "explained",
    "gather",
    "read_pages",
    "until",
    "wants_pages",
]
