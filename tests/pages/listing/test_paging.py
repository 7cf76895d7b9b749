"""Which page goes on where a list ends?"""

import pytest

from feedsvc.model import Document
from feedsvc.pages import page
from feedsvc.pages.listing.paging import next_url


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ('<a rel="next" href="?page=2">2</a>', "/news?page=2"),
        ('<a class="pager-next" href="/news/p2">»</a>', "/news/p2"),
        ('<a href="/news?page=2">Next ›</a>', "/news?page=2"),
        ('<a href="/news/2">Ältere Beiträge</a>', "/news/2"),
        ('<a href="/news/2">次へ</a>', "/news/2"),
        ('<a href="/news/2" aria-label="Next page"><svg></svg></a>', "/news/2"),
        ('<a href="/news/next-steps">Next</a>', None),
        ('<a rel="next" href="#">2</a>', None),
        ('<a rel="next" href="https://elsewhere.example/2">2</a>', None),
        ('<a href="/news/2">What comes next</a>', None),
        ("", None),
    ],
)
def test_the_next_page(markup: str, expected: str | None) -> None:
    body = f"<html><body>{markup}<p>x</p></body></html>".encode()
    found = next_url(page.read(Document(url="https://a.example/news", body=body)))
    assert found == (f"https://a.example{expected}" if expected else None)
