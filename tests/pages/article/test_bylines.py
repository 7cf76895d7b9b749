"""Who wrote the article, as its byline says?"""

import pytest

from feedsvc.pages.article.names import is_byline, is_name, is_personal, names_in
from tests.pages.article.paper import TEXT, found

HEAD = "<h1>Cracks close the bridge over the Lenn</h1>"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("By Ana Bell", ["Ana Bell"]),
        ("by ANA BELL, Bo Cell and Cy Dell", ["ANA BELL", "Bo Cell", "Cy Dell"]),
        ("ByAna Bell", ["Ana Bell"]),
        ("Written by: Ana Bell | 24 Nov 2026", ["Ana Bell"]),
        ("Ana Bell, Staff Writer", ["Ana Bell"]),
        ("Ana Bell, Senior Reporter, and Bo Cell, Paris", ["Ana Bell", "Bo Cell"]),
        ("Von Ana Bell und Bo Zell am 24.11.2026", ["Ana Bell", "Bo Zell"]),
        ("Ein Beitrag von Ana von der Heide", ["Ana von der Heide"]),
        ("Autor/in: Ana Bell", ["Ana Bell"]),
        ("Eingestellt von Ana um 21:11", ["Ana"]),
        ("Par Ana Bell et Loïc Le Clerc, publié le 3 mai 2026 à 10h", ["Ana Bell", "Loïc Le Clerc"]),
        ("Por Ana Bell y Bo Zell Ruiz", ["Ana Bell", "Bo Zell Ruiz"]),
        ("Por José Ortega y Gasset", ["José Ortega y Gasset"]),
        ("A cura di Ana Bella", ["Ana Bella"]),
        ("Автор: Анна Белова", ["Анна Белова"]),
        ("文：山田花子", ["山田花子"]),
        ("Nicolas Gutierrez C.", ["Nicolas Gutierrez C."]),
        ("Leah C. Stokes", ["Leah C. Stokes"]),
        ("dpa", ["dpa"]),
        ("det/dpa", ["det/dpa"]),
        ("Reuters", ["Reuters"]),
        ("AB\nAna Bell\nBC\nBo Cell", ["Ana Bell", "Bo Cell"]),
        ("Ana Bell\nUpdated Mar 12, 2026 10:42 am", ["Ana Bell"]),
        ("Ana Bell\nPhilosopher\nMore from this author", ["Ana Bell"]),
        ("Byby ANA BELL and BO CELL", ["ANA BELL", "BO CELL"]),
        ("Analysis by Ana Bell", ["Ana Bell"]),
        ("Ana BellStaff Writer", ["Ana Bell"]),
        ("Ana Bell Tuesday", ["Ana Bell"]),
        ("Ana Bell and", ["Ana Bell"]),
        ("Ana Bell, MD", ["Ana Bell"]),
        ("Ana Bell, The Lenn Herald Media Group", ["Ana Bell"]),
        ("Ana Bell, Vice President, Lenn Cloud", ["Ana Bell"]),
        ("[Ana Bell]", ["Ana Bell"]),
        ("(Paris, bureau", []),
        ("(dpa)", ["dpa"]),
        ("作者：", []),
        ("著者：山田花子", ["山田花子"]),
        ("Username", []),
        ("Comment now", []),
        ("Staff Writer", []),
        ("Published 24 November 2026", []),
        ("admin", []),
        ("https://paper.example/ana", []),
        ("@ana", ["ana"]),
        ("Read more about the bridge, which is closed.", []),
        ("", []),
    ],
)
def test_names(text: str, names: list[str]) -> None:
    assert list(names_in(text)) == names


def test_what_can_be_a_name() -> None:
    assert is_name("happyface313")
    assert is_name("ana bell", strict=False)
    assert not is_name("ana bell")
    assert not is_name("24")
    assert not is_name("A very long line that surely is no name")
    assert is_byline("Von Ana Bell")
    assert not is_byline("Von")
    assert not is_byline("Bystanders saw it")
    assert is_personal("Ana Bell")
    assert not is_personal("The Herald")


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("<p class='byline'>By <a rel='author' href='/x'>Ana Bell</a></p>", ("Ana Bell",)),
        (
            "<span class='author vcard'><a class='url fn n' href='/author/ana'>Ana Bell</a></span>",
            ("Ana Bell",),
        ),
        (
            "<div>By</div><div><a href='/staff/ana'>Ana Bell</a>, <a href='/staff/bo'>Bo Cell</a></div>",
            ("Ana Bell", "Bo Cell"),
        ),
        ("<p>Von Ana Bell und Bo Zell</p>", ("Ana Bell", "Bo Zell")),
        (
            "<div class='article-author__name'>Ana Bell</div><div class='article-author__job'>Editor</div>",
            ("Ana Bell",),
        ),
        ("<p class='author'>FOCUS expert <a href='/author/ana'>Ana Bell</a></p>", ("Ana Bell",)),
        (
            "<i><a rel='author' href='/x'>Ana Bell</a> and <a rel='author' href='/y'>Bo Cell</a></i>",
            ("Ana Bell", "Bo Cell"),
        ),
        (
            "<p>By <a href='/by/a'>Ana Bell</a>, <a href='/by/b'>Bo Cell</a> and <a href='/by/c'>Cy Dell</a>",
            ("Ana Bell", "Bo Cell", "Cy Dell"),
        ),
        ("<a href='/about/editors/ana-bell/'>Ana Bell</a>", ("Ana Bell",)),
        # not bylines
        ("<small class='author'>Photograph by Ana Bell</small>", ()),
        ("<ol><li id='fn-1'>Ana Bell</li></ol>", ()),
        ("<a href='/b'><b class='author'>Bo Cell</b> <i>Another bridge is closed today</i></a>", ()),
        (f"<p>It was <a href='/staff/bo'>Bo Cell</a> who closed it. {'So they say. ' * 20}</p>", ()),
        ("<p class='date'>24 November 2026</p>", ()),
        ("<p class='author'>24 November 2026</p>", ()),
        ("<figcaption>Photo: Ana Bell</figcaption>", ()),
        ("<div class='related'><a class='author' href='/author/bo'>Bo Cell</a></div>", ()),
        ("<div class='comments'><span class='author'>Bo Cell</span> says: no</div>", ()),
        ("<nav><a href='/author/bo'>Bo Cell</a></nav>", ()),
    ],
)
def test_what_a_reader_sees(byline: str, names: tuple[str, ...]) -> None:
    assert found(f"<article>{HEAD}{byline}<div>{TEXT}</div></article>").authors == names


def declared(author: str, shown: str = "", *, head: str = "") -> tuple[str, ...]:
    data = (
        f'{{"@type": "NewsArticle", "headline": "Cracks close the bridge over the Lenn", "author": {author}}}'
    )
    script = f"<script type='application/ld+json'>{data}</script>"
    return found(f"{HEAD}{shown}<div>{TEXT}</div>", head=script + head).authors


def test_what_is_declared_counts_where_it_is_seen() -> None:
    ana = '{"@type": "Person", "name": "Ana Bell"}'
    assert declared(ana) == ()  # whoever pressed the button
    assert declared(ana, "<p>Ana Bell</p>") == ("Ana Bell",)
    assert declared(ana, "<p class='author'>Ana Bell and Bo Cell</p>") == ("Ana Bell", "Bo Cell")
    assert declared(ana, "<p class='byline'>By Bo Cell</p>") == ("Bo Cell",)
    assert declared(ana, "<p>© Ana Bell</p>") == ()
    assert declared('["Ana Bell", "Bo Cell"]', "<p>Ana Bell</p><p>Bo Cell</p>") == ("Ana Bell", "Bo Cell")


def test_neither_the_site_nor_an_address_is_an_author() -> None:
    site = "<meta property='og:site_name' content='The Lenn Herald'>"
    assert declared('"The Lenn Herald"', "<p class='author'>The Lenn Herald</p>", head=site) == ()
    assert declared('"https://social.example/lenn"', "<p>https://social.example/lenn</p>") == ()
    # but a person whose site has that person's name
    own = "<meta property='og:site_name' content='Ana Bell'>"
    assert found(f"{HEAD}<a rel='author' href='/about'>Ana Bell</a>{TEXT}", head=own).authors == ("Ana Bell",)


def test_a_byline_far_below_counts_where_it_says_so() -> None:
    long = TEXT * 20
    assert found(f"{HEAD}{long}<p>Posted by <span class='author'>Ana Bell</span> at 21:11</p>").authors == (
        "Ana Bell",
    )
    assert found(f"{HEAD}{long}<p><span class='author'>Ana Bell</span></p>").authors == ()


def test_lists_of_all_writers_are_not_those_of_the_article() -> None:
    menu = "".join(f"<li><a href='/authors/{name}'>{name} Bell</a></li>" for name in ("Ana", "Bo", "Cy"))
    byline = "<div class='byline'>By <a href='/authors/Bo'>Bo Bell</a></div>"
    assert found(f"<ul>{menu}</ul>{HEAD}{byline}<div>{TEXT}</div>").authors == ("Bo Bell",)


def test_the_byline_at_the_headline_outdoes_what_software_says() -> None:
    box = "<p><span class='author-name'>cc7567</span></p>"
    head = "<p class='byline'>By <span class='author-name'>Ana Bell</span></p>"
    assert declared('"cc7567"', head + TEXT * 20 + f"<div>{box}</div>") == ("Ana Bell",)


def test_names_are_spelled_as_readers_see_them() -> None:
    assert declared('"anabell"', "<p class='byline'>By Ana Bell</p>") == ("Ana Bell",)
    assert declared('"Ana Bell"', "<p>By Ana Bell Lenn Print Edition</p>") == ("Ana Bell",)
    line = "<p>The Lenn Edited by Ana Bell (with inputs from all of the bureaus)</p>"
    assert declared('"Ana Bell"', line) == ("Ana Bell",)
