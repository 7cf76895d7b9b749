import pytest

from feedsvc.model import Document
from feedsvc.pages import alternates
from feedsvc.pages.page import Page, read

HERE = "https://paper.example/world/"


def page_of(head: str = "", body: str = "", **headers: str) -> tuple[Page, Document]:
    markup = f"<!doctype html><html><head><title> The\n Paper </title>{head}</head><body>{body}</body></html>"
    document = Document(
        url=HERE, body=markup.encode(), headers={name.replace("_", "-"): v for name, v in headers.items()}
    )
    return read(document), document


def found(head: str = "", body: str = "", **headers: str) -> list[tuple[str, str, str]]:
    return [(one.found, one.url, one.title) for one in alternates.feeds(*page_of(head, body, **headers))]


@pytest.mark.parametrize(
    "kind",
    [
        "application/rss+xml",
        "application/atom+xml",
        "application/feed+json",
        "application/rdf+xml; charset=utf-8",
    ],
)
def test_a_declared_feed_with_its_title(kind: str) -> None:
    link = f'<LINK Rel="Alternate" TYPE="{kind.upper()}" title=" World\n news " href="../feeds/world">'
    assert found(link) == [("declared", "https://paper.example/feeds/world", "World news")]


@pytest.mark.parametrize(
    "link",
    [
        '<link rel="alternate" hreflang="fr" href="/fr/feed">',
        '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/7">',
        '<link rel="alternate" type="application/json+oembed" href="/oembed?url=feed">',
        '<link rel="alternate" type="text/xml+oembed" href="/oembed?format=xml">',
        '<link rel="alternate" type="application/activity+json" href="/@paper">',
        '<link rel="alternate stylesheet" type="text/css" href="/rss.css">',
        '<link rel="alternate" type="application/rss+xml" href="  ">',
        '<link rel="alternate" type="application/rss+xml" href="javascript:feed()">',
        '<link rel="hub" href="https://hub.example/feed">',
    ],
)
def test_what_is_no_feed_is_not_declared(link: str) -> None:
    assert found(link) == []


def test_types_that_many_things_have_are_believed_with_the_address() -> None:
    link = '<link rel="alternate" type="application/json" href="/feed.json">'
    assert found(link) == [("declared", "https://paper.example/feed.json", "")]


def test_rel_feed_and_links_in_the_body_and_the_base() -> None:
    head = '<base href="https://cdn.example/x/"><link rel="feed" href="all">'
    body = '<a rel="alternate" type="application/atom+xml" href="sport">Sport</a>'
    assert found(head, body) == [
        ("declared", "https://cdn.example/x/all", ""),
        ("declared", "https://cdn.example/x/sport", "Sport"),
    ]


def test_links_in_the_head_of_the_answer() -> None:
    header = (
        '</a.rss>; rel="alternate"; type="application/rss+xml"; title="A, b", <https://x.example/>; rel=next'
    )
    assert found(link=header) == [("declared", "https://paper.example/a.rss", "A, b")]


def test_each_address_once_in_the_order_of_the_page() -> None:
    head = "".join(
        f'<link rel=alternate type="application/rss+xml" href="{one}">'
        for one in ("/b", "/a/", "/b/", "//www.paper.example/a")
    )
    assert [url for _, url, _ in found(head)] == ["https://paper.example/b", "https://paper.example/a/"]


def test_not_more_than_some_are_named() -> None:
    head = "".join(f'<link rel=alternate type="application/rss+xml" href="/{n}">' for n in range(500))
    body = "".join(f"<a href='/{n}.rss'>x</a>" for n in range(500))
    assert len(found(head, body)) == alternates.MOST_DECLARED + alternates.MOST_LINKED


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ('<a href="/rss/">Abonnieren</a>', "https://paper.example/rss/"),
        ('<a href="/news.atom">x</a>', "https://paper.example/news.atom"),
        ('<a href="/?feed=rss2">x</a>', "https://paper.example/?feed=rss2"),
        ('<a href="/blog?a=1&amp;format=atom">x</a>', "https://paper.example/blog?a=1&format=atom"),
        ('<a href="/abo/17">RSS</a>', "https://paper.example/abo/17"),
        ('<a href="/abo/17"><img alt="RSS feed" src="x.png"></a>', "https://paper.example/abo/17"),
        ('<a href="/abo/17" aria-label="Podcast feed"><svg></svg></a>', "https://paper.example/abo/17"),
        ('<a href="feed:https://paper.example/x">x</a>', "https://paper.example/x"),
        ('<a href="feed://paper.example/feed">x</a>', "https://paper.example/feed"),
        ('<a href="itpc://pod.example/rss.xml">x</a>', "https://pod.example/rss.xml"),
        (
            '<a href="https://reader.example/subscribe/https%3A%2F%2Fpaper.example%2Fworld%2Frss.xml">Follow</a>',
            "https://paper.example/world/rss.xml",
        ),
    ],
)
def test_links_that_look_like_feeds(link: str, url: str) -> None:
    assert [(kind, address) for kind, address, _ in found(body=link)] == [("linked", url)]


@pytest.mark.parametrize(
    "link",
    [
        '<a href="/feedback">Feedback</a>',
        '<a href="/world/rss-is-not-dead.html">Why RSS is not dead, and what came after it</a>',
        '<a href="/category/feeding-birds/">Feeding birds</a>',
        '<a href="mailto:feed@paper.example">x</a>',
        '<a href="/atomic">Atomic</a>',
    ],
)
def test_other_links_do_not(link: str) -> None:
    assert found(body=link) == []


def test_what_the_page_calls_itself_and_links_to() -> None:
    head = '<meta property="og:url" content="/world"><link rel="canonical" href="https://paper.example/w">'
    page, _ = page_of(
        head, '<a href="https://www.paper.example/1/">1</a><a href="/2?utm_source=x#c">2</a><a>3</a>'
    )
    assert alternates.own_addresses(page) == ("https://paper.example/world", "https://paper.example/w")
    assert alternates.linked(page) == {"//paper.example/1", "//paper.example/2"}
    assert alternates.title_of(page) == "The Paper"


def test_a_hostile_page_takes_no_time() -> None:
    nested = "<a href=x rel=alternate type='application/rss+xml'>" * 3_000 + "feed:" * 10_000
    head = "".join(f"<{'x' * 50}>; rel=" for _ in range(2_000))
    page, document = page_of(body=nested + "<a href='feed:feed:feed:https://'>RSS</a>", link=head)
    assert len(alternates.feeds(page, document)) <= alternates.MOST_DECLARED + alternates.MOST_LINKED
