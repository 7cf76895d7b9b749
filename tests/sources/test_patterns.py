"""Does an address match a pattern, written as in robots.txt?"""

import fnmatch
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from feedsvc.sources.patterns import UrlPattern, match_any, matches

HOST = "https://x.example"


@pytest.mark.parametrize(
    ("pattern", "place", "fits"),
    [
        ("/news", "/news", True),
        ("/news", "/newsroom", True),
        ("/news/", "/news/a", True),
        ("/news/", "/old/news/a", False),
        ("/news$", "/news/", False),
        ("/news$", "/news", True),
        ("/*/live", "/sport/live-1", True),
        ("/*/live", "/live", False),
        ("/*.html$", "/a/b.html", True),
        ("/*.html$", "/a/b.html?x=1", False),
        ("/a*a$", "/a", False),
        ("*/live", "/a/b/live", True),
        ("*", "/", True),
        ("/", "", True),
        ("/p?id=*&y", "/p?id=7&y=1", True),
        ("/новости/", "/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/1", True),
        ("/a%20b", "/a b", True),
        ("https://x.example/a", "/a", True),
        ("https://x.example/a", "/b", False),
        ("https://*.example/b$", "/b", True),
        ("http://x.example/", "/", False),
    ],
)
def test_patterns(pattern: str, place: str, fits: bool) -> None:
    assert matches(pattern, HOST + place) is fits


@given(st.text("ab*/", max_size=8), st.text("ab/", max_size=12), st.booleans())
def test_the_same_as_a_glob(pattern: str, place: str, ends: bool) -> None:
    pattern, place = f"/{pattern}", f"/{place}"
    glob = pattern if ends else f"{pattern}*"
    expected = re.fullmatch(fnmatch.translate(glob), place) is not None
    assert matches(pattern + "$" * ends, HOST + place) is expected


def test_any_of_several() -> None:
    assert match_any(["/a", "/b"], f"{HOST}/b")
    assert not match_any([], f"{HOST}/b")
    assert not match_any(["/a"], "https://[x/a")


def test_no_pattern_takes_long() -> None:
    started = time.process_time()
    assert not matches("/" + "*a" * 500 + "*b", HOST + "/" + "a" * 8_000)
    assert time.process_time() - started < 1


def test_what_is_no_pattern_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"begins with /, \* or https://"):
        TypeAdapter(UrlPattern).validate_python("news")
