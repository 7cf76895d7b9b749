"""Hostile pages: bounded time, bounded output, no crash."""

import time

import pytest

from feedsvc.model import Document
from feedsvc.pages.article.body import body
from feedsvc.pages.article.walk import MOST_BLOCKS
from feedsvc.pages.page import read

PARAGRAPH = "<p>A sentence that is long enough to be taken for one of an article, with a full stop.</p>"

PAGES = {
    "nested divs": "<div>" * 100_000 + PARAGRAPH,
    "nested lists": "<ul><li>" * 30_000 + PARAGRAPH,
    "nested tables": "<table><tr><td>" * 20_000 + PARAGRAPH,
    "nested quotes": "<blockquote>" * 30_000 + PARAGRAPH * 100,
    "nested formatting": "<b><i><a href=x>" * 10_000 + PARAGRAPH * 200,
    "formatting left open": "<b><i><u>" * 30 + "<div>text</div>" * 5_000,
    "many paragraphs": PARAGRAPH * 12_000,
    "many empty boxes": "<div></div>" * 45_000 + PARAGRAPH,
    "a wide table": "<table>" + "<tr>" + "<td>x" * 8_000 + "<tr><td>y" * 1_000,
    "a huge text": "<p>" + "word. " * 200_000,
    "stops and quotes": "<p>" + ('."”' * 100_000) + "x",
    "spaces": "<p>a" + " " * 500_000 + "b",
    "line breaks": "<div>" + "a<br>" * 50_000,
    "a long class": f'<div class="{"share body text " * 50_000}">{PARAGRAPH}',
    "many classes": "".join(f'<div class="a{n} b{n}-share c{n}_text">x</div>' for n in range(8_000)),
    "headings": "<h1>The same headline again</h1>" * 8_000,
    "leads": "<h1>The headline</h1>" + PARAGRAPH * 6_000,
    "noscripts": "<noscript><div>" * 5_000,
    "open comment": "<!-- " + PARAGRAPH * 100,
    "processing instructions": "<?x y?>" * 10_000 + PARAGRAPH,
    "data": "<script>" + '{"articleBody": "' * 20_000 + "</script><p>x",
    "deep data": '<script type="application/json">' + "[" * 50_000 + "</script><p>x",
    "props": f"<div data-props='{'{' * 50_000}'>x</div>" * 3,
    "srcset": f'<img srcset="{"a b, " * 50_000}">',
    "only a script": "<script>for(;;);</script>",
    "no body": "<frameset><frame src=x></frameset>",
}


@pytest.mark.parametrize("name", PAGES)
def test_time_is_bounded(name: str) -> None:
    page = read(
        Document(url="https://example.org/x", body=f"<html><title>The headline</title>{PAGES[name]}".encode())
    )
    before = time.process_time()
    found = body(page, title="The headline")
    assert time.process_time() - before < 4
    assert found.html.count("<p>") <= MOST_BLOCKS


def test_markup_of_a_page_is_escaped() -> None:
    markup = (
        f"<p>{'x' * 90} &lt;script&gt;alert(1)&lt;/script&gt;. <a href='javascript:x()'>y</a></p>{PARAGRAPH}"
        f"<img src='/a&quot; onerror=&quot;x()' alt='&quot;&gt;&lt;script&gt;'>{PARAGRAPH * 3}"
    )
    found = body(read(Document(url="https://example.org/x", body=markup.encode())))
    assert "&lt;script&gt;alert(1)" in found.html
    assert "<script" not in found.html
    assert 'onerror="' not in found.html
    assert "javascript" not in found.html


def test_the_tree_is_left_as_it_was() -> None:
    page = read(Document(url="https://example.org/x", body=(PARAGRAPH * 5).encode()))
    before = [(element.tag, element.text, element.tail) for element in page.tree.iter()]
    assert body(page) == body(page)
    assert [(element.tag, element.text, element.tail) for element in page.tree.iter()] == before
