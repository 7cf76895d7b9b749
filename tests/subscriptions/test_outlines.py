"""What is read from the lists of subscriptions that feed readers write, and from those that nobody should?"""

import time
from contextlib import suppress
from pathlib import Path

import pytest

from feedsvc.errors import ParseError
from feedsvc.subscriptions.outlines import LARGEST, MOST, Broken, Outline, read

LIST = b"""<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0">
  <head><title>Mine</title></head>
  <body>
    <outline text="The Hill" xmlUrl="https://hill.example/rss" type="rss" htmlUrl="https://hill.example/"/>
    <outline text="News" title="News">
      <outline type="rss" text="short" title="The &lt;Vale&gt;" xmlUrl="https://vale.example/?a=1&amp;b=2"/>
      <!-- a remark -->
      <outline text="Europe">
        <OUTLINE TEXT="\xd0\xa0\xd0\xb5\xd0\xba\xd0\xb0" XMLURL=" https://reka.example/atom "/>
      </outline>
    </outline>
    <outline type="rss" text="Nowhere"/>
    <outline text="Empty" xmlUrl=""/>
    <outline text="just a line"/>
  </body>
</opml>
"""


def test_feeds_with_their_folders_and_lines() -> None:
    found = read(LIST)
    assert found.feeds == (
        Outline(line=5, title="The Hill", url="https://hill.example/rss"),
        Outline(line=7, title="The <Vale>", url="https://vale.example/?a=1&b=2", folders=("News",)),
        Outline(line=10, title="Река", url="https://reka.example/atom", folders=("News", "Europe")),
    )
    reason = "a feed without an address: xmlUrl is missing"
    assert found.broken == (
        Broken(line=13, title="Nowhere", reason=reason),
        Broken(line=14, title="Empty", reason=reason),
    )


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "iso-8859-1"])
def test_in_other_encodings(encoding: str) -> None:
    named = "" if encoding == "utf-8-sig" else f' encoding="{encoding}"'
    text = f'<?xml version="1.0"{named}?><opml><body><outline text="Zürich" xmlUrl="https://z.example/"/></body></opml>'
    assert read(text.encode(encoding)).feeds[0].title == "Zürich"


def test_a_namespace_and_a_root_in_capitals_are_no_hindrance() -> None:
    text = b'<OPML xmlns="http://opml.org/spec2"><body><outline text="A" xmlUrl="https://a.example/"/></body></OPML>'
    assert [one.url for one in read(text).feeds] == ["https://a.example/"]


def test_what_comes_before_a_fault_is_read_and_the_fault_is_told() -> None:
    found = read(LIST.replace(b"<!-- a remark -->", b"</nothing></outline><broken"))
    assert found.feeds[0].title == "The Hill"
    assert found.broken[-1].line == 8
    assert found.broken[-1].reason.startswith("not well-formed XML (")


@pytest.mark.parametrize(
    ("body", "came"),
    [
        (b"", "an empty document"),
        (b"\0\0\0", "nothing but NUL bytes"),
        (b"<html><title>Log in</title></html>", "an HTML page (title 'Log in')"),
        (b'<rss version="2.0"><channel/></rss>', "XML of another kind (<rss>)"),
        (b'{"feeds": []}', "JSON of another kind"),
        (b"https://a.example/", "text of another kind"),
    ],
)
def test_what_is_no_opml(body: bytes, came: str) -> None:
    with pytest.raises(ParseError) as caught:
        read(body)
    assert came in str(caught.value)
    assert str(caught.value).endswith("came instead of OPML")


def test_what_is_too_large() -> None:
    with pytest.raises(ParseError, match=r"^larger than 10,000,000 bytes"):
        read(b"<opml>" + b" " * LARGEST)


# ---- hostile ----------------------------------------------------------------------------------------


def bomb(inside: str) -> bytes:
    """Entities that double thirty times."""
    doubled = "".join(f'<!ENTITY e{n} "&e{n - 1};&e{n - 1};">' for n in range(1, 31))
    return f'<!DOCTYPE opml [<!ENTITY e0 "x">{doubled}]><opml><body>{inside}</body></opml>'.encode()


@pytest.mark.parametrize(
    "inside", ['<outline text="&e30;" xmlUrl="https://a.example/"/>', "<outline>&e30;</outline>"]
)
def test_entities_that_grow_without_end(inside: str) -> None:
    began = time.monotonic()
    try:
        found = read(bomb(inside))
    except ParseError:
        found = None
    assert time.monotonic() - began < 2
    assert found is None or all(len(one.title) <= 200 for one in found.feeds)


def test_one_large_entity_used_often() -> None:
    many = "".join('<outline text="&b;" xmlUrl="https://a.example/"/>' for _ in range(2_000))
    body = f'<!DOCTYPE opml [<!ENTITY b "{"y" * 200_000}">]><opml><body>{many}</body></opml>'.encode()
    began = time.monotonic()
    with suppress(ParseError):
        read(body)
    assert time.monotonic() - began < 3


def test_nothing_outside_of_the_document_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("confidential")
    dtd = tmp_path / "x.dtd"
    dtd.write_text('<!ATTLIST outline xmlUrl CDATA "https://dtd.example/">')
    body = (
        f'<!DOCTYPE opml SYSTEM "{dtd}" [<!ENTITY s SYSTEM "file://{secret}">]>'
        '<opml><body><outline text="a">&s;<outline text="b" xmlUrl="https://b.example/"/></outline></body></opml>'
    ).encode()
    found = read(body)
    assert [one.url for one in found.feeds] == ["https://b.example/"]
    assert "confidential" not in repr(found)


def test_folders_in_folders_without_end() -> None:
    deep = b'<outline text="f">' * 200 + b'<outline xmlUrl="https://a.example/"/>' + b"</outline>" * 200
    found = read(b"<opml><body>" + deep + b"</body></opml>")
    assert [len(one.folders) for one in found.feeds] == [20]
    found_none = b"<opml><body>" + b"<outline>" * 100_000
    assert len(read(found_none).broken) <= 1


def test_outlines_without_end() -> None:
    found = read(b"<opml><body>" + b'<outline xmlUrl="https://a.example/"/>' * (MOST + 5) + b"</body></opml>")
    assert len(found.feeds) == MOST
    assert found.broken[0].reason == "more than 20,000 outlines: what comes after is left out"


def test_names_are_one_short_line_without_control_characters() -> None:
    long = "a" * 500
    body = f'<opml><body><outline text="x&#10;y&#x202e; {long}" xmlUrl="https://a.example/"/></body></opml>'
    title = read(body.encode()).feeds[0].title
    assert title.startswith("x y")
    assert len(title) <= 200
