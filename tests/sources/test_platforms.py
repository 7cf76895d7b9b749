import pytest
from pydantic import ValidationError

from feedsvc.sources.platforms import Platform, candidates


def platform(*match: str, page: tuple[str, ...] = (), feed: str = "{origin}/feed") -> Platform:
    return Platform.model_validate(
        {"id": "p", "title": "Forge", "match": match, "page": page, "feeds": [{"url": feed, "title": "New"}]}
    )


def urls(one: Platform, *asked: str, page: str | None = None) -> list[str]:
    return [found.url for found in candidates([one], asked, page)]


@pytest.mark.parametrize(
    ("pattern", "url", "feed"),
    [
        ("forge.example/{a}", "https://forge.example/ann", "x/ann"),
        ("forge.example/{a}", "http://www.forge.example/ann/?tab=1#top", "x/ann"),
        ("forge.example/{a}", "https://m.forge.example./ann", "x/ann"),
        ("FORGE.example/@{a}", "https://Forge.Example/@Ann", "x/Ann"),
        ("{a}.forge.example", "https://ann.forge.example", "x/ann"),
        ("{a}.forge.example/...", "https://ann.forge.example/2026/02", "x/ann"),
        ("forge.example/r/{a}/...", "https://forge.example/r/ann/top/week", "x/ann"),
        ("forge.example/{a}.git", "https://forge.example/ann.git", "x/ann"),
        ("*/@{a}", "https://anywhere.example:8443/@ann", "x/ann"),
        ("forge.example/list?id={a}", "https://forge.example/list?x=1&id=a%2Fb%20c", "x/a%2Fb%20c"),
        ("forge.example/{a}", "https://forge.example/%C3%A9", "x/%C3%A9"),
    ],
)
def test_an_address_that_matches(pattern: str, url: str, feed: str) -> None:
    assert urls(platform(pattern, feed="https://feeds.example/x/{a}"), url) == [
        f"https://feeds.example/{feed}"
    ]


@pytest.mark.parametrize(
    ("pattern", "url"),
    [
        ("forge.example/{a}", "https://forge.example/"),
        ("forge.example/{a}", "https://forge.example/a/b"),
        ("forge.example/{a}", "https://notforge.example/a"),
        ("forge.example/{a}", "https://forge.example.evil.example/a"),
        ("{a}.forge.example", "https://x.y.forge.example"),
        ("{a}.forge.example", "https://forge.example"),
        ("{a}.forge.example", "https://www.forge.example"),
        ("forge.example/@{a}", "https://forge.example/@"),
        ("forge.example/list?id={a}", "https://forge.example/list?ids=1"),
        ("forge.example/r/{a}/...", "https://forge.example/r"),
        ("forge.example/{a}", "https://["),
    ],
)
def test_an_address_that_does_not(pattern: str, url: str) -> None:
    assert urls(platform(pattern, feed="https://feeds.example/{a}"), url) == []


def test_what_a_template_may_name() -> None:
    one = platform("*/...", feed="{url}.rss?h={host}&p={path}")
    address = "https://u:p@forge.example:81/a/b/?q=1"
    assert urls(one, address) == ["https://forge.example:81/a/b.rss?h=forge.example:81&p=/a/b"]


def test_the_first_address_that_matches_counts() -> None:
    one = platform("forge.example/{a}", "forge.example/x/{a}", feed="{origin}/{a}.rss")
    asked = ("https://other.example/a", "https://forge.example/x/b", "https://forge.example/c")
    assert urls(one, *asked) == ["https://forge.example/b.rss"]


def test_a_sign_in_the_page() -> None:
    one = platform("*/...", page=('content="Forge',))
    assert urls(one, "https://a.example/x") == []
    assert urls(one, "https://a.example/x", page="<meta content='Forge'>") == []
    assert urls(one, "https://a.example/x", page='<META CONTENT="FORGE 3.1">') == ["https://a.example/feed"]


def test_a_value_from_the_page() -> None:
    one = platform("forge.example/{a}", page=('"feedUrl":"{feed}"',), feed="{feed}")
    page = r'{"feedUrl":"https:\/\/pod.example\/f?a=1\u0026b=2","x":1}'
    assert urls(one, "https://forge.example/pod", page=page) == ["https://pod.example/f?a=1&b=2"]
    evil = '{"feedUrl":"javascript:alert(1)"}'
    assert urls(one, "https://forge.example/pod", page=evil) == []
    assert urls(one, "https://forge.example/pod", page='{"feedUrl":""}') == []


def test_a_candidate_says_how_it_was_found() -> None:
    (found,) = candidates([platform("forge.example")], ["https://forge.example"])
    assert (found.found, found.title, found.how) == (
        "platform",
        "New",
        "known of this kind of address: Forge",
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"match": ["https://forge.example/{a}"]}, "is no pattern: write one like"),
        ({"match": ["/{a}"]}, "is no pattern"),
        ({"match": ["forge.example/{a}-{b}"]}, "has more than one name"),
        ({"match": ["forge.example/{a b}"]}, "a name in braces is made of the letters a to z"),
        ({"match": ["forge.example/{}"]}, "a name in braces"),
        ({"match": []}, "at least 1 item"),
        ({"page": ["{a}x"]}, "cannot begin with a name"),
        ({"page": ["id={a}"]}, "followed by what ends it"),
        ({"feeds": [{"url": "{origin}/{c}"}]}, r"\{c\} in '\{origin\}/\{c\}' is not in the pattern"),
        ({"feed": []}, "Extra inputs"),
    ],
)
def test_what_is_wrong_is_told(changes: dict[str, object], words: str) -> None:
    fields = {"id": "p", "title": "P", "match": ["forge.example/{a}"], "feeds": [{"url": "{origin}/{a}"}]}
    with pytest.raises(ValidationError, match=words):
        Platform.model_validate(fields | changes)


def test_hostile_addresses_and_pages_take_no_time() -> None:
    one = platform("{a}.{b}.forge.example/x{c}x/...", page=('"a":"{d}","b":"{e}"',), feed="{origin}/{a}{d}")
    address = f"https://{'a.' * 100}forge.example/{'x' * 5_000}/{'/' * 5_000}"
    assert urls(one, address, page='"a":"' * 20_000 + '","b":' * 20_000) == []
