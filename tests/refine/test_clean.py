"""What of an untrusted item may be stored and shown to anybody?"""

import dataclasses
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.model import Article, Author, Enclosure, Image, ParsedItem, Source
from feedsvc.refine.clean import LONGEST_TITLE, clean, plain
from feedsvc.refine.text import words

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
BASE = "https://user:secret@example.org/blog/feed.xml?token=1"
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# What may be in the markup that is published, written down once more.
TAGS = words(
    "a abbr article aside audio b bdi bdo big blockquote br caption center cite code col colgroup dd "
    "del details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd "
    "li main mark ol p picture pre q rp rt ruby s samp section small source span strike strong sub "
    "summary sup table tbody td tfoot th thead time tr tt u ul var video wbr"
)
ATTRIBUTES = words(
    "alt cite colspan controls datetime dir height href lang media open poster reversed rowspan scope "
    "sizes span src srcset start title type value width"
)
ADDRESSES = {"cite", "href", "poster", "src"}


def article(*, source: dict[str, Any] | None = None, language: str | None = None, **fields: Any) -> Article:
    owner = Source.model_validate({"id": "s", "type": "test"} | (source or {}))
    return clean(ParsedItem(**fields), source=owner, base_url=BASE, now=NOW, language=language)


def content(markup: str, **fields: Any) -> str:
    return article(content=markup, **fields).content


def unsafe(markup: str) -> Iterator[str]:
    """Everything in the markup, as a browser would build it, that is not on the lists above."""
    for element in lxml.html.fragments_fromstring(f"<div>{markup}</div>")[0].iter():
        if element.tag not in TAGS:
            yield str(element.tag)
        for name, value in element.attrib.items():
            leads_away = name in ADDRESSES and not value.startswith(
                ("https://", "http://", "mailto:", "tel:")
            )
            if name not in ATTRIBUTES or leads_away:
                yield f"{element.tag} {name}={value}"


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from texts(one)
    elif isinstance(value, (Article, Author, Enclosure, Image)):
        for field in dataclasses.fields(value):
            yield from texts(getattr(value, field.name))


# ---- markup -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "safe"),
    [
        ("no markup at all", "no markup at all"),
        ("a < b & c", "a &lt; b &amp; c"),
        ("<p>one<p>two", "<p>one</p><p>two</p>"),
        ("<p dir=rtl lang=he class=x id=y style='color:red'>x", '<p dir="rtl" lang="he">x</p>'),
        ("<script>alert(1)</script>text<style>p{}</style>", "text"),
        ("<a href='javascript:alert(1)' onclick=x>x</a>", "<a>x</a>"),
        ("<a href='/x?a=1&b=2'>x</a>", '<a href="https://example.org/x?a=1&amp;b=2">x</a>'),
        ("<a href='mailto:a@example.org'>x</a>", '<a href="mailto:a@example.org">x</a>'),
        ("<a href='tel:+47'>x</a>", '<a href="tel:+47">x</a>'),
        ("<a href='x.html' target=_blank rel=me>x</a>", '<a href="https://example.org/blog/x.html">x</a>'),
        ("<img src=a.png onerror=alert(1) alt=A>", '<img src="https://example.org/blog/a.png" alt="A">'),
        ("x<img src='data:image/png;base64,AAAA' alt=A>y", "xy"),
        ("x<img src=p.gif width=1 height=1>y", "xy"),
        (
            "<img srcset='a.png 1x, javascript:b 2x, https://c.example/d,e.png 9w,f.png 10w, g.png'>",
            (
                '<img srcset="https://example.org/blog/a.png 1x, https://c.example/d,e.png 9w, '
                'https://example.org/blog/f.png 10w, https://example.org/blog/g.png">'
            ),
        ),
        (
            "<video src=/v.mp4 autoplay poster=/p.jpg></video>",
            '<video src="https://example.org/v.mp4" poster="https://example.org/p.jpg" controls=""></video>',
        ),
        (
            "<iframe src='https://video.example/1'></iframe>",
            '<p><a href="https://video.example/1">embedded: video.example</a></p>',
        ),
        ("<form><input value=x><button>Go</button></form>", "Go"),
        ("<svg><title>icon</title><path/></svg>x", "x"),
        ("<noscript><b>x</b></noscript>", "<b>x</b>"),
        ("<html><head><title>t</title></head><body>x</body></html>", "x"),
        ("a&#1;b&#xFFFE;c\x00d\ud800", "abcd"),
        ("<![CDATA[<b>x</b>]]>", "<b>x</b>"),
        (
            "<table><tr><td colspan=2>x</td></tr></table>",
            '<table><tbody><tr><td colspan="2">x</td></tr></tbody></table>',
        ),
    ],
)
def test_markup(markup: str, safe: str) -> None:
    assert content(markup) == safe
    assert list(unsafe(safe)) == []


def test_notes_lead_to_the_article_itself() -> None:
    link = "https://example.org/2026/a"
    assert content("<a href='#note'>1</a>", link=link) == f'<a href="{link}#note">1</a>'
    assert "token" not in content("<a href='#note'>1</a><a href=''>2</a>")


def test_credentials_and_tokens_of_the_source_are_not_published() -> None:
    found = article(link="/a", content="<a href='?page=2'>x</a>", image=Image(url="i.png"))
    assert not any("secret" in text or "token" in text for text in texts(found))


def test_the_base_of_an_item_comes_first() -> None:
    assert "https://other.example/x/a.png" in content("<img src=a.png>", base_url="https://other.example/x/")
    assert "https://example.org/blog/x/a.png" in content("<img src=a.png>", base_url="x/")
    assert "https://example.org/blog/a.png" in content("<img src=a.png>", base_url="javascript:")


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("one line & <tag>", "one line &amp; &lt;tag&gt;"),
        ("one\r\ntwo\r\n\r\n \nthree\n", "<p>one<br>\ntwo</p>\n<p>three</p>"),
        ("", ""),
    ],
)
def test_plain_text_becomes_markup(text: str, markup: str) -> None:
    assert content(text, content_type="text") == markup


ATTACKS = (
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)//",
    "<a href=' &#106;ava&#x09;script:alert(1)'>x</a>",
    "<a href='https://x/\"onmouseover=alert(1) '>x</a>",
    "<svg/onload=alert(1)>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    "<form><math><mtext></form><form><mglyph><svg><mtext><style><path id='</style><img onerror=x src>'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<iframe src='data:text/html,<script>alert(1)</script>'></iframe>",
    "<iframe title='\"><script>alert(1)</script>' src='https://x/\"><script>'></iframe>",
    "<img data-src='x\" onerror=\"alert(1)' alt='\"><script>'>",
    "<object data='javascript:alert(1)'><embed src='javascript:alert(1)'></object>",
    "<base href='javascript:'><a href='alert(1)'>x</a>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<p style='background:url(javascript:alert(1))'>x",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<textarea><img title='</textarea><img src=x onerror=alert(1)>'></textarea>",
    "<title><a id='</title><img src=x onerror=alert(1)>'></title>",
    "<xmp><img title='</xmp><img src=x onerror=alert(1)>'></xmp>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<video><source onerror=alert(1)></video>",
    "<img srcset='javascript:alert(1) 1x'>",
    "<template><script>alert(1)</script></template>",
)


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("kind", ["html", "text"])
def test_nothing_executable_comes_through(attack: str, kind: str) -> None:
    found = article(content=attack, content_type=kind, summary=attack, summary_type=kind, title=attack)
    for markup in (found.content, found.summary):
        assert list(unsafe(markup)) == []
        assert content(markup) == markup, "reading it again must not build something else"


@settings(max_examples=150, deadline=None, database=None)
@given(
    st.lists(
        st.sampled_from([*"<>\"'=/ &;a", *ATTACKS, "<p>", "</p>", "<b ", "src=", "--", "]]>"]), max_size=12
    )
)
def test_nothing_executable_comes_through_whatever_is_put_together(parts: list[str]) -> None:
    assert list(unsafe(content("".join(parts)))) == []


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 100_000 + "deep",
        "<b><i>" * 50_000 + "deep",
        "<p>" + "".join(f"<font size={size}>" for size in range(5_000)) + "</p>" + "<p>deep</p>" * 5_000,
        "<table><tr><td>" * 30_000 + "deep",
        "deep" + "&" * 500_000,
        "deep <img " + "a" * 500_000 + ">",
        "deep <img srcset='" + "a" * 500_000 + " b c'>",
        "deep " + "<!--" * 100_000,
        "deep " + "x" * 3_000_000,
    ],
)
@pytest.mark.timeout(20)
def test_hostile_markup_takes_bounded_time_and_space(markup: str) -> None:
    found = article(content=markup, title=markup)
    assert "deep" in found.content
    assert len(found.content) < 6_000_000
    assert len(found.title) <= LONGEST_TITLE


# ---- fields -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "kind", "clean_title"),
    [
        ("AT&T <b>x</b>", "html", "AT&T x"),
        ("AT&amp;T &mdash; more", "html", "AT&T — more"),
        ("a < b", "html", "a < b"),
        ("a < b &amp; <i>c</i>", "text", "a < b &amp; <i>c</i>"),
        ("  two\n lines\x00 ", "text", "two lines"),
        ("one<br>two<p>three", "html", "one two three"),
        ("x<script>alert(1)</script>y", "html", "xy"),
        ("<title>kept</title>", "html", "kept"),
        ("&#1;&#xFFFF;x", "html", "x"),
    ],
)
def test_title(title: str, kind: str, clean_title: str) -> None:
    assert article(title=title, title_type=kind).title == clean_title


def test_a_title_is_never_empty() -> None:
    text = (
        "<p>The first words of a text that goes on for quite a while, longer than a title should ever be</p>"
    )
    for nothing in (None, "", " \u200b ", "<b></b>", "\x00"):
        assert article(title=nothing, content=text).title == (
            "The first words of a text that goes on for quite a while, longer than a title…"
        )
        assert article(title=nothing, summary="Summary").title == "Summary"
        assert (
            article(title=nothing, link="https://x.example/2026/a-fine_d%C3%A5y.html?x").title == "a fine dåy"
        )
        assert article(title=nothing, link="https://x.example/").title == "Untitled"
        assert article(title=nothing).title == "Untitled"


def test_a_title_is_not_cut_out_of_a_tag() -> None:
    markup = "<p>Short</p>" + "".join(f"<a href='/{'x' * 800}'></a>" for _ in range(9)) + "<p>Rest</p>"
    assert article(content=markup).title == "Short"


def test_long_titles_are_cut() -> None:
    assert len(article(title="word " * 1_000).title) <= LONGEST_TITLE


def test_links_are_absolute_web_addresses() -> None:
    assert article(link=" /a b ").link == "https://example.org/a%20b"
    assert article(link="tag:x,2026:y").link is None
    assert article(via="//wire.example/rss", via_title="The <b>Wire</b>").via == "https://wire.example/rss"
    assert article(via="x", via_title="The <b>Wire</b>").via_title == "The Wire"


def test_authors() -> None:
    found = article(
        authors=(
            Author(name="Jane <i>Doe</i>", email="jane@example.org", url="/jane"),
            Author(name="JANE DOE"),
            Author(name="", email="mailto:bob@example.org"),
            Author(name="ann@example.org"),
            Author(name="", url="https://cleo.example/"),
            Author(name=" \x00 ", email="no address", url="javascript:x"),
        )
    ).authors
    assert found == (
        Author(name="Jane Doe", email="jane@example.org", url="https://example.org/jane"),
        Author(name="bob", email="bob@example.org"),
        Author(name="ann", email="ann@example.org"),
        Author(name="cleo.example", url="https://cleo.example/"),
    )


def test_tags_are_there_once_in_order() -> None:
    assert article(tags=("Sea", "ships &amp; ports", "sea", " ", "SHIPS & ports", "x")).tags == (
        "Sea",
        "ships & ports",
        "x",
    )
    assert article(tags=("a", "b", "A")).tags == ("a", "b")


def test_enclosures() -> None:
    found = article(
        enclosures=(
            Enclosure(url="a b.mp3", type="Audio/MPEG; x=1", length=5, title="<b>A</b>", duration=60),
            Enclosure(url="https://example.org/blog/a%20b.mp3"),
            Enclosure(url="javascript:x"),
            Enclosure(url="https://x.example/1", type="nonsense", length=-1, duration=2**70),
        )
    ).enclosures
    assert found == (
        Enclosure(
            url="https://example.org/blog/a%20b.mp3", type="audio/mpeg", length=5, title="A", duration=60
        ),
        Enclosure(url="https://x.example/1"),
    )


def test_image() -> None:
    assert article(image=Image(url="i.png", width=0, height=5)).image == Image(
        url="https://example.org/blog/i.png", height=5
    )
    assert article(image=Image(url="data:x")).image is None


@pytest.mark.parametrize(
    ("own", "configured", "told", "kept"),
    [
        ("de-AT", "fr", "it", "de-AT"),
        (None, "fr", "it", "fr"),
        (None, None, "it", "it"),
        ("en_GB", None, None, "en-GB"),
        ("English", None, "en", "en"),
        ("jp", None, "ja", "ja"),
        ("en-a-b-c-d-e", None, "en", "en"),
        ("<x>", None, None, None),
        ("", None, None, None),
    ],
)
def test_language(own: str | None, configured: str | None, told: str | None, kept: str | None) -> None:
    owner = Source.model_validate({"id": "s", "type": "test", "language": configured})
    found = clean(ParsedItem(language=own), source=owner, base_url=BASE, now=NOW, language=told)
    assert found.language == kept


def test_dates_follow_the_zone_of_the_source() -> None:
    noon = datetime(2026, 7, 1, 12)  # noqa: DTZ001 what is tested
    found = article(published=noon, source={"timezone": "Europe/Athens"})
    assert (found.published, found.date_flag) == (datetime(2026, 7, 1, 9, tzinfo=UTC), "zoneless")
    assert article().published == NOW
    assert article(published=NOW + timedelta(days=1)).date_flag == "future"


def test_the_fingerprint_is_that_of_the_clean_article() -> None:
    one = article(title="x", content="<p class=a onclick=b>y</p>", link="https://example.org/a?utm_source=x")
    assert one.fingerprint == article(title="<b>x</b>", content="y", link="/a").fingerprint
    assert one.fingerprint != article(title="x", content="z", link="/a").fingerprint


def test_plain() -> None:
    assert plain(None) == plain("") == plain(" <br> ") == ""
    assert plain("Caf&eacute; <em>du</em> port") == "Café du port"
    assert plain("Caf&eacute;", "text") == "Caf&eacute;"


ANY_TEXT = st.none() | st.text(st.characters(exclude_categories=()), max_size=30) | st.sampled_from(ATTACKS)
KIND = st.sampled_from(["text", "html"])
# The whole calendar, with zones and without.
WHEN = st.none() | st.datetimes(timezones=st.none() | st.just(UTC) | st.timezones())


@st.composite
def items(draw: st.DrawFn) -> ParsedItem:
    text = ANY_TEXT.map(lambda one: one or "")
    return ParsedItem(
        **{
            name: draw(ANY_TEXT)
            for name in ("guid", "link", "title", "summary", "content", "language", "rights")
        },
        **{name: draw(ANY_TEXT) for name in ("via", "via_title", "base_url")},
        **{name: draw(KIND) for name in ("title_type", "summary_type", "content_type")},
        **{name: draw(WHEN) for name in ("published", "updated")},
        authors=draw(
            st.lists(st.builds(Author, name=text, email=ANY_TEXT, url=ANY_TEXT), max_size=2).map(tuple)
        ),
        tags=draw(st.lists(text, max_size=3).map(tuple)),
        enclosures=draw(
            st.lists(st.builds(Enclosure, url=text, type=ANY_TEXT, title=ANY_TEXT), max_size=2).map(tuple)
        ),
        image=draw(st.none() | st.builds(Image, url=text)),
    )


@settings(max_examples=200, deadline=None, database=None)
@given(items(), st.sampled_from(["", BASE, "file:///srv/x/", "http://["]))
def test_no_item_makes_it_fail_or_leaves_anything_forbidden(item: ParsedItem, base_url: str) -> None:
    owner = Source.model_validate({"id": "s", "type": "test", "timezone": "Asia/Kathmandu"})
    found = clean(item, source=owner, base_url=base_url, now=NOW, language="en")
    assert not any(FORBIDDEN.search(text) for text in texts(found))
    assert found.title.strip()
    assert found.published <= NOW
    assert found.published.utcoffset() == timedelta(0)
    assert found.updated is None or found.published < found.updated <= NOW
    addresses = [
        found.link,
        found.via,
        *(one.url for one in found.enclosures),
        *(one.url for one in found.authors),
    ]
    assert all(one is None or one.startswith(("http://", "https://")) for one in addresses)
    assert list(unsafe(found.content + found.summary)) == []
    assert clean(item, source=owner, base_url=base_url, now=NOW, language="en") == found
