"""What is said where no list is found: is it gone, is it empty, do its articles lead nowhere?"""

import pytest

from feedsvc.errors import ParseError
from feedsvc.model import Document
from feedsvc.pages import page
from feedsvc.pages.listing import find

PROSE = (
    "<p>"
    + "The ferry crosses the sound four times a day, and has done so for a hundred years. " * 20
    + "</p>"
)
CARD = "<article><h3>Old mill becomes a museum</h3><p>It opens its doors on Sunday.</p></article>"


def kind_of(markup: str) -> str | None:
    document = Document(url="https://harbour.example/news", body=f"<body>{markup}</body>".encode())
    with pytest.raises(ParseError) as raised:
        find(page.read(document))
    return raised.value.kind


@pytest.mark.parametrize(
    ("markup", "kind"),
    [
        ("<h1>News</h1><p>No articles found.</p>", "list-empty"),
        ("<h1>ニュース</h1><p>記事が見つかりませんでした。</p>", "list-empty"),
        ('<h1>News</h1><ul class="news-list"></ul>', "list-empty"),
        ("<h1>News</h1>" + CARD * 3, "no-links"),
        ("<h1>News</h1><p>Write to us.</p>", "list-gone"),
        # An article, with something beside it that was not drawn.
        (f'<h1>The ferry</h1>{PROSE}<div class="news-links"></div>', "list-gone"),
        ('<h1>The ferry</h1><div class="related-news"></div>', "list-gone"),
        ('<h1>The ferry</h1><ul class="share__list"></ul>', "list-gone"),
        ('<h1>The ferry</h1><footer><ul class="news-list"></ul></footer>', "list-gone"),
        (
            "<h1>本</h1><p>" + "とても長い文章がここに続いています。" * 5 + "あまり良くありません。</p>",
            "list-gone",
        ),
    ],
)
def test_it_says_what_there_is_instead(markup: str, kind: str) -> None:
    assert kind_of(markup) == kind
