"""What is done to untrusted markup before it is sanitised?"""

import pytest

from feedsvc.refine.markup import flattened, is_too_costly, prepared

BASE = "https://example.org/blog/"


@pytest.mark.parametrize(
    ("markup", "after"),
    [
        ("<p>as it is</p>", "<p>as it is</p>"),
        ("<![CDATA[<p>twice</p>]]>", "<p>twice</p>"),
        (
            '<iframe width="5" src="https://video.example/e/1?a=1&amp;b=2" allowfullscreen></iframe>x',
            '<p><a href="https://video.example/e/1?a=1&amp;b=2">embedded: video.example</a></p>x',
        ),
        (
            "<IFRAME title='A &quot;film&quot;' src='//video.example/1'></IFRAME>",
            '<p><a href="https://video.example/1">A &quot;film&quot;</a></p>',
        ),
        ('<iframe src="javascript:alert(1)"></iframe>', ""),
        ("<iframe srcdoc='<script>'></iframe>", "<iframe srcdoc='<script>'>"),
        (
            '<embed src="/player.swf">',
            '<p><a href="https://example.org/player.swf">embedded: example.org</a></p>',
        ),
        ('<img src="p.gif" width="1" height="1">', ""),
        ("<img src=p.gif height=0 width=0 />", ""),
        ('<img src="p.gif" style="display: none">', ""),
        ('<img src="p.gif" style="width:1px;height:1px">', ""),
        ('<img src="a.png" width="100" height="1">', '<img src="a.png" width="100" height="1">'),
        ('<img src="a.png" style="width:100%">', '<img src="a.png" style="width:100%">'),
        ('<img src="data:x" data-src="a.png" alt="A">', '<img src="a.png" alt="A">'),
        (
            '<img src="data:x" data-src="a.png"><noscript><img src="a.png"></noscript>',
            '<img src="data:x" data-src="a.png"><img src="a.png">',
        ),
        (
            "<math><mi>x</mi><mo>=</mo><mn>2</mn><annotation>\\LaTeX</annotation></math> <main>y",
            "x=2 <main>y",
        ),
    ],
)
def test_prepared(markup: str, after: str) -> None:
    assert prepared(markup, BASE) == after


@pytest.mark.parametrize(
    "markup",
    [
        "<p>" * 20_000,
        "<ul>" + "<li><a href='/x'>x</a>" * 20_000 + "</ul>",
        "<table>" + "<tr><td><b>x</b>" * 20_000 + "</table>",
        "<div>" * 60 + "x" * 100_000 + "</div>" * 60,
        "<p><b>bold" * 500,
        "a &amp; b " * 50_000,
    ],
)
def test_long_articles_are_not_too_costly(markup: str) -> None:
    assert not is_too_costly(markup)


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 1_000,
        "<x-y/>" * 1_000,
        "<p>" + "".join(f"<font size={size}>" for size in range(1_000)) + "</p>" + "<p>x" * 1_000,
        "&" * 300_000,
    ],
)
def test_bombs_are(markup: str) -> None:
    assert is_too_costly(markup)


def test_flattened() -> None:
    assert flattened("<p>a &lt; b</p><b").split() == ["a", "<", "b", "<b"]
