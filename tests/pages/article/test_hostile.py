"""Does a page that was made to do harm cost more than others?"""

from time import process_time

import pytest

from tests.pages.article.paper import found

MANY = 4_000
HEAD = "<h1>Cracks close the bridge</h1>"


@pytest.mark.parametrize(
    "markup",
    [
        "<div class='author tags kicker date'>" * 1_500 + "Ana Bell",
        "<span class='author'>Ana Bell</span>" * MANY,
        "<h1>Cracks close the bridge</h1>" * MANY,
        f"<title>{'a - b | ' * 20_000}</title><h1>{'word ' * 50_000}</h1>",
        HEAD + "<p>" + "1.2.2024 " * 20_000,
        HEAD + "<p>By Ana Bell, Bo Cell and Cy Dell on 1 May 2024</p>" * MANY,
        HEAD + "<time datetime='2024-01-01T10:00:00Z'>1 January 2024</time>" * MANY,
        HEAD + f"<p class='author'>{' ' * 400_000}x</p><p class='{'author-x ' * 40_000}'>x</p>",
        "<div class='sidebar'>x</div>" * MANY,
        "".join(f"<i class='c{number}-author-x{number}'>x</i>" for number in range(MANY)),
        "<a rel='next' href='?page=2x'>n</a>" * MANY,
    ],
)
def test_cost(markup: str) -> None:
    start = process_time()
    found(markup)
    assert process_time() - start < 5


@pytest.mark.parametrize(
    "markup",
    [
        "<h1></h1>",
        "<base href='http://['><link rel='canonical' href='http://[::1'><h1>x</h1>",
        "<meta property='article:published_time' content='99999999999999'>",
        "<meta property='og:image:width' content='٣٣٣٣٣٣٣٣٣'><meta property='og:image' content='x'>",
        "<a rel='next' href='?page=٣'>x</a><a rel='author' href='//['>Ana Bell</a>",
        "<time datetime='9999-12-31T23:59:59-23:59'>31.12.9999 99:99</time>",
    ],
)
def test_nonsense(markup: str) -> None:
    assert found(markup).authors in {(), ("Ana Bell",)}
