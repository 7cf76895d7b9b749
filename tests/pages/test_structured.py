"""What does a page declare in the words of schema.org?"""

from time import process_time

import pytest

from feedsvc.model import Document
from feedsvc.pages import page as pages
from feedsvc.pages.structured import address_of, first_text, is_a, text_of, texts, things, values


def on(markup: str) -> pages.Page:
    body = f"<!doctype html><html><body>{markup}</body></html>".encode()
    return pages.read(Document(url="https://news.example/a/1", body=body))


def ld(text: str) -> pages.Page:
    return on(f'<script type="application/ld+json">{text}</script>')


def test_json_ld_is_one_thing_a_node() -> None:
    (article, person) = things(
        ld(
            '{"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Snow &amp; ice",'
            ' "author": {"@type": "Person", "name": "Ana"}, "wordCount": 12, "image": null}'
        )
    )
    assert article == {
        "@type": ("NewsArticle",),
        "@source": "json-ld",
        "@in": "",
        "headline": "Snow &amp; ice",
        "author": person,
        "wordCount": 12,
    }
    assert person == {"@type": ("Person",), "@source": "json-ld", "@in": "author", "name": "Ana"}
    assert is_a(article, "Article", "NewsArticle")
    assert not is_a(article, "Person")
    assert first_text(article, "name", "headline") == "Snow & ice"


def test_graphs_are_flattened_and_references_resolved_one_level() -> None:
    found = things(
        ld(
            '{"@graph": [{"@type": "Article", "@id": "#a", "author": {"@id": "#p"}},'
            ' {"@type": "Person", "@id": "#p", "name": "Ana", "worksFor": {"@id": "#a"}}]}'
        )
    )
    assert [one["@type"] for one in found] == [("Article",), ("Person",)]
    assert found[0]["author"]["name"] == "Ana"
    assert found[0]["author"]["worksFor"] == {
        "@type": (),
        "@source": "json-ld",
        "@in": "worksFor",
        "@id": "#a",
    }


@pytest.mark.parametrize(
    "name",
    ["NewsArticle", "https://schema.org/NewsArticle", "http://schema.org/NewsArticle/", "schema:NewsArticle"],
)
def test_names_are_bare(name: str) -> None:
    assert things(ld(f'{{"@type": ["{name}", "Thing"]}}'))[0]["@type"] == ("NewsArticle", "Thing")


@pytest.mark.parametrize(
    "text",
    [
        '<!-- {"@type": "Article", "name": "a"} -->',
        '//<![CDATA[\n{"@type": "Article", "name": "a"}\n//]]>',
        '/*<![CDATA[*/{"@type": "Article", "name": "a"}/*]]>*/',
        '{"@type": "Article", "name": "a"};',
        '{"@type": "Article", "name": "a",}',
        '[{"@type": "Article", "name": "a",},]',
        '{"@type": "Article", "description": "one\ntwo", "name": "a"}',
        r'{"@type": "Article", "description": "it\'s \\ so", "name": "a",}',
        '{"@type": "Article", "name": "a"}{"@type": "Person"',
        '{"@type": "Article", "name": {"@value": "a", "@language": "en"}}',
        '{"@type": "Article", "name": {"@list": ["a"]}}',
        "{&quot;@type&quot;: &quot;Article&quot;, &quot;name&quot;: &quot;a&quot;}",
    ],
)
def test_mistakes_are_forgiven(text: str) -> None:
    assert first_text(things(ld(text))[0], "name") == "a"


@pytest.mark.parametrize(
    "text", ["", "null", "{", "[1, 2]", '"text"', '{"@type": 5}', "[" * 100_000, "{}" * 9]
)
def test_what_says_nothing_is_nothing(text: str) -> None:
    assert things(ld(text)) == ()


def test_microdata_has_the_same_shape() -> None:
    (article, person) = things(
        on(
            '<div itemscope itemtype="https://schema.org/BlogPosting">'
            '<h1 itemprop="headline name"> Snow\n melts </h1>'
            '<meta itemprop="articleSection" content="Weather"><a itemprop="url" href="/a/1">x</a>'
            '<time itemprop="datePublished" datetime="2026-11-24">today</time>'
            '<p itemprop="author" itemscope itemtype="https://schema.org/Person">'
            '<b itemprop="name">Ana</b></p>'
            '<img itemprop="image" src="1.jpg"><img itemprop="image" src="2.jpg">'
            '</div><p itemprop="name">no</p>'
        )
    )
    assert article == {
        "@type": ("BlogPosting",),
        "@source": "microdata",
        "@in": "",
        "headline": "Snow melts",
        "name": "Snow melts",
        "articleSection": "Weather",
        "url": "https://news.example/a/1",
        "datePublished": "2026-11-24",
        "author": person,
        "image": ["https://news.example/a/1.jpg", "https://news.example/a/2.jpg"],
    }
    assert person == {"@type": ("Person",), "@source": "microdata", "@in": "author", "name": "Ana"}


def test_asking() -> None:
    thing = {"@type": ("Article",), "author": ["Ana", {"name": "Bo"}], "image": {"@id": "x.jpg"}, "n": 3}
    assert list(values(thing, "image", "author", "none")) == [{"@id": "x.jpg"}, "Ana", {"name": "Bo"}]
    assert list(texts(thing, "author", "n")) == ["Ana", "Bo", "3"]
    assert text_of({"name": "<b>Bo</b>", "@type": ()}) == "Bo"
    assert (
        address_of([{"name": "x"}, {"url": {"@id": "https://a.example/?b&amp;c"}}])
        == "https://a.example/?b&c"
    )
    assert first_text(thing, "none") is None


@pytest.mark.parametrize(
    "markup",
    [
        '<script type="application/ld+json">' + '{"@type":"A","x":' * 3_000 + "</script>",
        '<script type="application/ld+json">[' + '{"@type":"A"},' * 50_000 + "{}]</script>",
        '<script type="application/ld+json">[{"@id":"a","@type":"A","x":"' + "y" * 500_000 + '"}'
        + ',{"@type":"B","r":{"@id":"a"}}' * 5_000
        + "]</script>",
        '<script type="application/ld+json">{"a":"' + '\\"' * 200_000 + "</script>",
        '<script type="application/ld+json">' + " " * 400_000 + "{" + "," * 400_000 + "</script>",
        "<div itemscope itemtype=A>" + "<b itemprop=x>" * 4_000 + "word " * 20_000,
        "<div itemscope itemprop=x itemtype=A>" * 5_000,
    ],
)  # fmt: skip
def test_hostile_pages_cost_little(markup: str) -> None:
    page = on(markup)
    start = process_time()
    things(page)
    assert process_time() - start < 3
