"""Where does an article live, which picture goes with it, and where does it go on?"""

from urllib.parse import urlsplit

import pytest

from feedsvc.model import Image
from feedsvc.pages.article.whereabouts import is_next_page
from tests.pages.article.paper import TEXT, URL, found

HEAD = "<h1>Cracks close the bridge over the Lenn</h1>"


@pytest.mark.parametrize(
    ("head", "canonical"),
    [
        ("<link rel='canonical' href='/news/bridge'>", URL),
        ("<meta property='og:url' content='https://paper.example/b'>", "https://paper.example/b"),
        ("<link rel='canonical' href='/'>", None),  # the front page
        ("<link rel='canonical' href='javascript:x'>", None),
        ("<base href='https://cdn.example/x/'><link rel='canonical' href='y'>", "https://cdn.example/x/y"),
        ("", None),
    ],
)
def test_canonical(head: str, canonical: str | None) -> None:
    assert found(HEAD + TEXT, head=head).canonical == canonical


@pytest.mark.parametrize(
    ("head", "body", "image"),
    [
        (
            "<meta property='og:image' content='/i.jpg'><meta property='og:image:width' content='800px'>",
            "",
            Image(url="https://paper.example/i.jpg", width=800),
        ),
        (
            "<meta property='og:image' content='/logo.png'><meta name='twitter:image' content='/i.jpg'>",
            "",
            Image(url="https://paper.example/i.jpg"),
        ),
        ("<meta property='og:image' content='/logo.png'>", "", Image(url="https://paper.example/logo.png")),
        (
            (
                '<script type=\'application/ld+json\'>{"@type": "NewsArticle", '
                '"image": {"@type": "ImageObject", "url": "i.jpg", "width": 10, "height": "20"}}</script>'
            ),
            "",
            Image(url="https://paper.example/news/i.jpg", width=10, height=20),
        ),
        (
            "",
            "<figure><img src='/in-text.jpg' alt=''></figure>",
            Image(url="https://paper.example/in-text.jpg"),
        ),
        ("<meta property='og:image' content='data:image/png;base64,x'>", "", None),
    ],
)
def test_image(head: str, body: str, image: Image | None) -> None:
    assert found(f"<article>{HEAD}{body}{TEXT}</article>", head=head).image == image


@pytest.mark.parametrize(
    ("here", "there", "yes"),
    [
        ("/news/bridge", "/news/bridge/2", True),
        ("/news/bridge/", "/news/bridge/2/", True),
        ("/news/bridge/", "/news/bridge/page/2/", True),
        ("/news/bridge/2/", "/news/bridge/3/", True),
        ("/news/bridge.html", "/news/bridge-2.html", True),
        ("/news/bridge.html", "/news/bridge,seite-2.html", True),
        ("/news/bridge-2.html", "/news/bridge-3.html", True),
        ("/news/bridge", "/news/bridge?page=2", True),
        ("/news?id=7", "/news?id=7&page=2", True),
        ("/news?id=7&page=2", "/news?id=7&page=3", True),
        ("/news/bridge", "/news/bridge", False),
        ("/news/bridge", "/news/bridge/4", False),
        ("/news/bridge", "/news/bridge-repaired", False),
        ("/news/bridge", "/news/comment-page-2", False),
        ("/news?id=7", "/news?id=8", False),
        ("/news/bridge/3/", "/news/bridge/2/", False),
        ("/", "/2", False),
    ],
)
def test_the_next_page_of_the_same_article(here: str, there: str, *, yes: bool) -> None:
    assert is_next_page(urlsplit(f"https://a.example{here}"), urlsplit(f"https://a.example{there}")) is yes


def test_never_another_host() -> None:
    assert not is_next_page(urlsplit("https://a.example/x"), urlsplit("https://b.example/x/2"))


def test_where_it_is_linked() -> None:
    assert found(HEAD + TEXT, head="<link rel='next' href='?page=2'>").next_url == f"{URL}?page=2"
    assert found(f"{HEAD}{TEXT}<a rel='next' href='{URL}/2'>2</a>").next_url == f"{URL}/2"
    assert found(f"{HEAD}{TEXT}<p class='pagination'><a href='{URL}/2'>2</a></p>").next_url == f"{URL}/2"
    assert found(f"{HEAD}{TEXT}<p><a href='{URL}/2'>2</a></p>").next_url is None
    assert found(HEAD + TEXT, head="<link rel='next' href='/news/another-story'>").next_url is None
