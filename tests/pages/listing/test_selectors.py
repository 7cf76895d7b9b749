"""What do CSS and XPath selectors pick out of a page, and which are refused?"""

import pytest
from lxml import html

from feedsvc.pages.listing.selectors import BadSelector, compiled, container, elements, matches, text

TREE = html.document_fromstring(
    '<div><ul class="n"><li id="one"><h2>A <em>fine</em> day!</h2><a href="/x">go</a>'
    "<p>One.</p><p>Two<br>lines.</p></li></ul></div>"
)


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("h2 ::text", "A fine day!"),
        ("h2", "A fine day!"),
        ("p ::text", "One. Two lines."),
        ("a::attr(href)", "/x"),
        ("css:a::attr(href)", "/x"),
        (".//a/@href", "/x"),
        ("//h2", "A fine day!"),
        ("xpath://li/@id", "one"),
        ("string(.//h2)", "A fine day!"),
        ("descendant::p[1]", "One."),
        ("li:has(h2)::attr(id)", "one"),
        ('//ul[has-class("n")]/li/@id', "one"),
        ('//p[re:test(., "^T")]', "Two lines."),
        ("normalize-space(//p[2])", "Twolines."),
        (".nothing ::text", ""),
    ],
)
def test_texts(selector: str, expected: str) -> None:
    assert text(compiled(selector), TREE) == expected


def test_elements_and_texts() -> None:
    assert [one.get("id") for one in elements(compiled("li"), TREE)] == ["one"]
    assert elements(compiled("li::attr(id)"), TREE) == []
    assert matches(compiled("li::attr(id)"), TREE) == ["one"]


@pytest.mark.parametrize(
    ("selector", "message"),
    [
        ("", "is empty"),
        ("  ", "is empty"),
        ("li[", "is no CSS selector: 'li['"),
        ("li >", "is no CSS selector"),
        ("a::href", "is no CSS selector"),
        ("//li[", "is no XPath: '//li['"),
        ("//li[foo()]", "calls foo(), which XPath 1.0 does not have"),
        ("//li[@id = $name]", "has a variable"),
        ("//x:li", "is no XPath|cannot be used"),
        ("a" * 3000, "is longer than 2000 characters"),
    ],
)
def test_what_cannot_be_used(selector: str, message: str) -> None:
    with pytest.raises(
        BadSelector, match=message.replace("(", r"\(").replace(")", r"\)").replace("[", r"\[")
    ):
        text(compiled(selector), TREE)


@pytest.mark.parametrize(
    ("selector", "holder"),
    [
        ("ul.n > li", "css:ul.n"),
        ("#list .item", "css:#list"),
        ("main .n li:not(.ad)", "css:main .n"),
        ("//ul[@class='n']/li", "xpath://ul[@class='n']"),
        ("ul > li", None),
        ("article.card", None),
        ("//li", None),
    ],
)
def test_what_holds_the_items(selector: str, holder: str | None) -> None:
    found = container(compiled(selector))
    assert (found.text if found else None) == holder
