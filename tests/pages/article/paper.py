"""A page to be read: what goes into its head and its body."""

from feedsvc.model import Document, Extracted
from feedsvc.pages import page as pages
from feedsvc.pages.article import extract

URL = "https://paper.example/news/bridge"
TEXT = (
    "<p>The bridge over the Lenn was closed on Monday after divers found cracks in two pillars.</p>"
    "<p>Engineers had been called in because drivers complained of a shaking that grew by the week.</p>"
    "<p>Nobody was hurt, but nine thousand cars a day now have to go round by the old mill road.</p>"
)


def page(body: str, *, head: str = "", url: str = URL, html: str = "<html>") -> pages.Page:
    markup = f"<!doctype html>{html}<head>{head}</head><body>{body}</body></html>"
    return pages.read(
        Document(url=url, body=markup.encode(), headers={"content-type": "text/html; charset=utf-8"})
    )


def found(body: str, *, head: str = "", url: str = URL, html: str = "<html>") -> Extracted:
    return extract(page(body, head=head, url=url, html=html))
