"""Is an address shown without its secrets?"""

import pytest

from feedsvc.addresses import show_url, without_credentials


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.org/feed?page=2&lang=fr", "https://example.org/feed?page=2&lang=fr"),
        ("https://user:pw@example.org:8080/feed", "https://example.org:8080/feed"),
        ("https://tok@en@example.org/feed", "https://example.org/feed"),
        ("https://example.org/?key=1&a=2", "https://example.org/?key=…&a=2"),
        ("https://example.org/?API_KEY=1", "https://example.org/?API_KEY=…"),
        ("https://example.org/?access_token=a=b", "https://example.org/?access_token=…"),
        (
            "https://example.org/?auth=1&Secret=2&password=3",
            "https://example.org/?auth=…&Secret=…&password=…",
        ),
        ("https://example.org/?X-Amz-Signature=1&sig=2", "https://example.org/?X-Amz-Signature=…&sig=…"),
        ("https://example.org/?sessionid=1", "https://example.org/?sessionid=…"),
        ("https://example.org/?token", "https://example.org/?token"),
        ("https://example.org/#access_token=1", "https://example.org/"),
        ("https://example.org/\x1b[31m\u202e", "https://example.org/�[31m�"),
        ("http://user:pw@[::1/", "http://…"),
        ("no address", "no address"),
        ("", ""),
    ],
)
def test_shown(url: str, shown: str) -> None:
    assert show_url(url) == shown


def test_long_address_is_shortened() -> None:
    shown = show_url(f"https://example.org/{'a' * 5000}")
    assert len(shown) == 301
    assert shown.endswith("a…")


def test_credentials_are_taken_out() -> None:
    url = "https://user:pw@example.org/feed?key=1#part"
    assert without_credentials(url) == "https://example.org/feed?key=1"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://e.org/t/fst_abc-DEF_123/c/board.rss?q=a", "https://e.org/t/…/c/board.rss?q=a"),
        ("/t/anything/c/board/", "/t/…/c/board/"),
        ("/news/t/a\nb", "/news/t/…"),
        ("/websub/0123abc", "/websub/…"),
        ("https://e.org/x/fst_abc-DEF_123", "https://e.org/x/…"),
        ("https://e.org/at/t-shirts", "https://e.org/at/t-shirts"),
    ],
)
def test_tokens_of_ours_are_hidden(url: str, shown: str) -> None:
    assert show_url(url) == shown
