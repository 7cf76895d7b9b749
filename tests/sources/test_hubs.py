"""Is the hub found that a document names, in its head first and then in its body?"""

import json

import pytest

from feedsvc.model import Document, Parsed
from feedsvc.sources.feed import FeedSource, parse

URL = "https://spring.example/feed"
SOURCE = FeedSource(id="spring", type="feed", url=URL)
ATOM_NS = "http://www.w3.org/2005/Atom"
ATOM = f"""<feed xmlns="{ATOM_NS}"><title>T</title><id>urn:t</id>
<link rel="self" href="https://spring.example/atom"/><link rel="hub" href="https://hub.example/a"/>
<link rel="hub" href="https://hub.example/b"/><entry><id>urn:1</id><title>One</title>
<link rel="hub" href="https://evil.example/"/></entry></feed>"""
RSS = f"""<rss version="2.0" xmlns:atom="{ATOM_NS}"><channel><title>T</title>
<atom:link rel="self" href="/rss"/><atom:link rel="hub" href="//hub.example/"/>
<item><title>One</title></item></channel></rss>"""
JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "T",
        "feed_url": "https://spring.example/json",
        "hubs": [{"type": "rssCloud", "url": "https://cloud.example/"}, {"type": "WebSub", "url": "/hub"}],
        "items": [{"id": "1", "content_text": "One"}],
    }
)
PLAIN = '<rss version="2.0"><channel><title>T</title><item><title>One</title></item></channel></rss>'


def read(body: str, link: str | None = None) -> Parsed:
    headers = {"content-type": "application/xml"} | ({"link": link} if link else {})
    return parse(SOURCE, Document(url=URL, body=body.encode(), headers=headers))


@pytest.mark.parametrize(
    ("body", "hub", "self_url"),
    [
        (ATOM, "https://hub.example/a", "https://spring.example/atom"),
        (RSS, "https://hub.example/", "https://spring.example/rss"),
        (JSON, "https://spring.example/hub", "https://spring.example/json"),
        (PLAIN, None, None),
    ],
)
def test_in_the_body(body: str, hub: str | None, self_url: str | None) -> None:
    found = read(body)
    assert (found.hub, found.self_url) == (hub, self_url)


@pytest.mark.parametrize("body", [ATOM, RSS, JSON, PLAIN])
def test_the_head_comes_first(body: str) -> None:
    found = read(body, '<https://first.example/>; rel="hub", </self?a=1>; rel=self, <x>; rel="next"')
    assert (found.hub, found.self_url) == ("https://first.example/", "https://spring.example/self?a=1")


def test_each_of_the_two_is_looked_for_by_itself() -> None:
    found = read(ATOM, '<https://first.example/>; title="a"; rel="Hub alternate"')
    assert (found.hub, found.self_url) == ("https://first.example/", "https://spring.example/atom")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "ftp://hub.example/",
        "https://user:pass@hub.example/",
        "http://[::1",
        "https://hub.example/" + "a" * 3_000,
    ],
)
def test_what_is_no_address_for_a_hub_is_passed_over(url: str) -> None:
    assert (
        read(PLAIN, f'<{url}>; rel="hub", <https://good.example/>; rel="hub"').hub == "https://good.example/"
    )
    assert read(PLAIN, f'<{url}>; rel="hub"').hub is None


def test_odd_headers_cost_nothing() -> None:
    for link in ("<" * 9_000, ";rel=" * 4_000, "<a>;rel" + " " * 8_000, '<h>; rel="hub', "<>; rel=hub" * 900):
        read(PLAIN, link)


def test_odd_hubs_of_json_are_passed_over() -> None:
    odd: list[object] = [None, 3, "x", [None], [[]], [{"type": 1, "url": 2}], {"type": "WebSub"}]
    for hubs in odd:
        body = {**json.loads(JSON), "hubs": hubs}
        assert read(json.dumps(body)).hub is None
