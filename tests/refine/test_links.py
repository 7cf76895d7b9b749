"""Which absolute http(s) address does a link mean?"""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.refine.links import LONGEST, absolute, without_secrets

BASE = "https://example.org/blog/feed.xml"


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        ("HTTPS://Example.ORG/A", "https://example.org/A"),
        ("/a", "https://example.org/a"),
        ("a/../b.html", "https://example.org/blog/b.html"),
        ("?page=2", "https://example.org/blog/feed.xml?page=2"),
        ("//cdn.example.net/x", "https://cdn.example.net/x"),
        ("  https://example.org/a \n", "https://example.org/a"),
        ("https://example.org/a b", "https://example.org/a%20b"),
        ("https://exam\nple.org/a\tb", "https://example.org/ab"),
        ('https://example.org/[x]{y}|"<>^`', "https://example.org/%5Bx%5D%7By%7D%7C%22%3C%3E%5E%60"),
        ("https://example.org/100%", "https://example.org/100%25"),
        ("https://example.org/100%25", "https://example.org/100%25"),
        ("https://example.org/über?q=ü#ü", "https://example.org/%C3%BCber?q=%C3%BC#%C3%BC"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https:\\\\example.org\\a?b=\\c", "https://example.org/a?b=%5Cc"),
        ("https:/example.org/a", "https://example.org/a"),
        ("http:///example.org/a", "http://example.org/a"),
        ("http://example.org:8080/", "http://example.org:8080/"),
        ("http://[2001:db8::1]:80/", "http://[2001:db8::1]:80/"),
        ("http://user:pa ss@example.org/", "http://user:pa%20ss@example.org/"),
    ],
)
def test_absolute(url: str, meant: str) -> None:
    assert absolute(url, BASE) == meant


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "mailto:a@example.org",
        "file:///etc/passwd",
        "ftp://example.org/",
        "urn:isbn:1",
        "http://",
        "https:",
        "http://[broken/",
        "http://exa mple.org/",
        "http://example.org:port/",
        "http://example.org:99999/",
        "http://exa<mple.org/",
        "http://" + "a" * 70 + "é.example/",
        "https://example.org/" + "a" * LONGEST,
    ],
)
def test_what_is_no_web_address(url: str) -> None:
    assert absolute(url, BASE) is None


def test_without_a_base_only_absolute_addresses_are_links() -> None:
    assert absolute("https://example.org/") == "https://example.org/"
    assert absolute("//example.org/") == "https://example.org/"
    assert absolute("/a") is None
    assert absolute("") is None
    assert absolute("a.png", "file:///srv/notes/") is None
    assert absolute("//example.org/a", "file:///srv/notes/") == "https://example.org/a"


@settings(max_examples=200, deadline=None, database=None)
@given(
    st.text(st.characters(exclude_categories=())), st.sampled_from([BASE, "", "file:///x/", "http://[", "x"])
)
def test_whatever_comes_the_result_is_a_plain_uri_that_stays_as_it_is(url: str, base: str) -> None:
    for attempt in (url, f"https://example.org/{url}", f"https://{url}"):
        meant = absolute(attempt, base)
        if meant is not None:
            assert meant.startswith(("http://", "https://"))
            assert set(meant) <= set(string.ascii_letters + string.digits + "-._~:/?#[]@!$&'()*+,;=%")
            assert absolute(meant) == meant


def test_without_secrets() -> None:
    assert (
        without_secrets("https://me:secret@example.org:8443/a/b?token=1#x") == "https://example.org:8443/a/b"
    )
    assert without_secrets("http://[broken") == ""
