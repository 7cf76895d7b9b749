"""Which characters may be published, and what does a reader see of some markup?"""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.refine.text import is_blank, one_line, shortened, visible, words, xml_text

# XML 1.0, production 2 [Char], turned round.
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
STRANGE = re.compile("[\x7f-\x9f\ufdd0-\ufdef]")  # allowed, and better not used
ANY_TEXT = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\x00b\x08c\x0bd\x0ce\x1ff", "abcdef"),
        ("tab\tline\nreturn\r", "tab\tline\nreturn\r"),
        ("\ud800lone\udfff", "lone"),
        ("\ufffeno\uffff", "no"),
        ("d\x7fel\ufdd0et\ufdefed", "deleted"),
        ("\xa0é漢🎏\ufffd", "\xa0é漢🎏\ufffd"),
        ("It\x92s 5 \x80\x85 \x81", "It’s 5 €… "),
    ],
)
def test_xml_text(text: str, kept: str) -> None:
    assert xml_text(text) == kept


@settings(max_examples=200, deadline=None, database=None)
@given(ANY_TEXT)
def test_xml_text_drops_what_xml_forbids_and_what_is_no_character(text: str) -> None:
    kept = xml_text(text)
    assert not FORBIDDEN.search(kept)
    assert not STRANGE.search(kept)
    if not STRANGE.search(text):
        assert kept == FORBIDDEN.sub("", text)


@pytest.mark.parametrize(
    ("markup", "seen"),
    [
        ("no markup", "no markup"),
        ("<p>one</p><p>two<br>three</p>", "one two three"),
        ("em<b>pha</b>sis", "emphasis"),
        ('<a title="a > b">AT&amp;T</a> &lt;x&gt;', "AT&T <x>"),
        ("  much\n\n white \t space ", "much white space"),
    ],
)
def test_visible(markup: str, seen: str) -> None:
    assert visible(markup) == seen


@pytest.mark.parametrize(
    ("text", "most", "short"),
    [
        ("short", 10, "short"),
        ("exactly 10", 10, "exactly 10"),
        ("one two three", 10, "one two…"),
        ("one, two three", 9, "one, two…"),
        ("one, two", 7, "one…"),
        ("incomprehensibilities", 10, "incompreh…"),
        ("a incomprehensibilities", 10, "a incompr…"),
    ],
)
def test_shortened(text: str, most: int, short: str) -> None:
    assert shortened(text, most) == short
    assert len(shortened(text, most)) <= most


def test_is_blank() -> None:
    assert is_blank("")
    assert is_blank(" \n\u00a0\u200b\ufeff\u00ad")
    assert not is_blank("\u200bx")


def test_one_line_and_words() -> None:
    assert one_line(" a\u00a0 b\r\nc ") == "a b c"
    assert words("b a\n b") == frozenset({"a", "b"})
