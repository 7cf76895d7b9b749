"""Does an article's markup stand well on a page of ours, and can nothing in it break out?"""

import pytest

from feedsvc.model import SafeHtml
from feedsvc.web.prose import prose

LAZY = ' loading="lazy" decoding="async"'
PLAYER = ' controls preload="none"'


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ('<img src="https://x.example/" alt="b">', f'<img{LAZY} src="https://x.example/" alt="b">'),
        ('<audio src="https://x.example/a"></audio>', f'<audio{PLAYER} src="https://x.example/a"></audio>'),
        ('<video src="https://x.example/a"></video>', f'<video{PLAYER} src="https://x.example/a"></video>'),
        ("<h2>Two</h2><h3>Three</h3>", "<h2>Two</h2><h3>Three</h3>"),
        ("<h1>One</h1><h2>Two</h2><h6>Six</h6>", "<h2>One</h2><h3>Two</h3><h6>Six</h6>"),
        ("<p>1 &lt; 2<br>3 &gt; 2</p>", "<p>1 &lt; 2<br>3 &gt; 2</p>"),
        # What looks like a tag in a value is none, and stays as it is.
        ('<p title="<img src=x onerror=alert(1)>">A</p>', '<p title="<img src=x onerror=alert(1)>">A</p>'),
        ('<img alt="<h1>" src="https://x.example/">', f'<img{LAZY} alt="<h1>" src="https://x.example/">'),
    ],
)  # fmt: skip
def test_what_is_added(markup: str, shown: str) -> None:
    assert prose(SafeHtml(markup), pictures=True) == shown


def test_without_pictures_nothing_loads() -> None:
    markup = SafeHtml('<p>A <img src="https://x.example/a.png"></p><audio src="https://x.example/a"></audio>')
    assert prose(markup, pictures=False) == "<p>A </p>"
