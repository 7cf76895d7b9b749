"""Has a private category the same feed as a public one, but for the addresses in it?"""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from lxml import etree
from werkzeug.test import Client

from feedsvc.bootstrap import open_services
from feedsvc.config import Config
from feedsvc.model import FORMATS, Document, Format
from feedsvc.store import Store
from feedsvc.validate import validate
from feedsvc.web import create_app
from tests.conftest import Clock
from tests.web.site import Site, config, give_token, source

SECRET = "fst_the-right-one-of-many"
ATOM = "{http://www.w3.org/2005/Atom}"
TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"


def settings(*names: str, limit: int = 10, **category: Any) -> Config:
    """Two categories with the same sources: ``open`` for all, ``shut`` for who has a token."""
    both = [
        {"id": "open", "title": "Board", "limit": limit, **category},
        {"id": "shut", "title": "Board", "limit": limit, **category, "access": "token"},
    ]
    return config(categories=both, sources=[source(name, "open", "shut") for name in names or ("chatty",)])


@pytest.fixture
def site(store: Store, clock: Clock) -> Iterator[Site]:
    opened = Site(services=open_services(store, settings(), clock=clock), clock=clock)
    give_token(opened, SECRET)
    yield opened
    opened.services.fetcher.close()


@pytest.fixture
def client(site: Site) -> Client:
    return create_app(site.services).test_client()


def asked(client: Client, key: str, form: Format) -> bytes:
    response = client.get(f"/{key}.{form}")
    assert response.status_code == 200, response.get_data(as_text=True)
    return response.get_data()


def items(client: Client) -> list[str]:
    """The titles of the private feed, which are those of the public one, in every format."""
    public, private = (json.loads(asked(client, key, "json")) for key in ("c/open", f"t/{SECRET}/c/shut"))
    assert [one["title"] for one in private["items"]] == [one["title"] for one in public["items"]]
    for form in FORMATS:
        texts = [texts_of(asked(client, key, form), form) for key in ("c/open", f"t/{SECRET}/c/shut")]
        assert texts[0] == texts[1]
    return [str(one["title"]) for one in private["items"]]


def texts_of(body: bytes, form: Format) -> object:
    """All that it says, without what it calls itself and where it says that it is."""
    if form == "json":
        said: Mapping[str, Any] = json.loads(body.replace(b":feed:c/open", b":feed:c/shut"))
        return {name: told for name, told in said.items() if name not in NAMED}
    tree = etree.fromstring(body.replace(b":feed:c/open", b":feed:c/shut"))
    head = tree if form == "atom" else tree[0]
    for one in [one for one in head if one.tag in {f"{ATOM}link", "link"}]:
        head.remove(one)
    for one in head.findall("image/link"):
        one.text = ""
    return etree.tostring(tree, method="c14n2", strip_text=True)


NAMED = {"feed_url", "home_page_url", "hubs", "next_url"}


def test_what_was_withdrawn_is_told_for_a_month(site: Site, client: Client) -> None:
    site.write("chatty", "One", "Two")
    site.publish()
    assert items(client) == ["One", "Two"]
    when = site.clock.advance(minutes=1)
    site.store.hide("tag:chatty.example,2026:2", when)
    site.publish()
    assert items(client) == ["One"]
    found = etree.fromstring(asked(client, f"t/{SECRET}/c/shut", "atom")).findall(TOMBSTONE)
    assert [dict(one.attrib) for one in found] == [
        {"ref": "tag:chatty.example,2026:2", "when": when.isoformat()}
    ]
    site.clock.advance(days=31)
    site.publish()
    assert items(client) == ["One"]
    assert b"deleted-entry" not in asked(client, f"t/{SECRET}/c/shut", "atom")


def test_one_source_cannot_fill_it(site: Site, client: Client) -> None:
    site.configure(settings("chatty", "quiet", max_share=0.5))
    site.write("quiet", *(f"quiet {n}" for n in range(7)))
    site.write("chatty", *(f"chatty {n}" for n in range(40)))
    site.publish()
    found = [one.split()[0] for one in items(client)]
    assert (found.count("chatty"), found.count("quiet")) == (5, 5)


@pytest.mark.parametrize(("flood", "shown"), [(0, 0), (3, 3), (None, 7)])
def test_a_joining_source_does_not_flood_it(
    flood: int | None, shown: int, site: Site, client: Client
) -> None:
    site.configure(settings("chatty", flood=flood))
    site.write("chatty", "1", "2", "3")
    site.clock.advance(days=3)
    site.configure(settings("chatty", "late", flood=flood))
    site.write("late", *(f"late {n}" for n in range(20)))
    site.publish()
    assert len([one for one in items(client) if one.startswith("late")]) == shown


def test_it_says_that_it_has_ended_and_is_gone_a_month_later(site: Site, client: Client) -> None:
    day = site.clock().date() + timedelta(days=2)
    site.configure(settings(retired=day))
    site.write("chatty", "One")
    site.publish()
    assert items(client) == ["One"]
    site.clock.advance(days=2)
    site.publish()
    assert items(client) == ["Board: this feed has ended", "One"]
    said = json.loads(asked(client, f"t/{SECRET}/c/shut", "json"))
    assert (said["expired"], said["items"][0]["date_published"]) == (True, f"{day}T00:00:00Z")
    site.clock.advance(days=30)
    assert [client.get(f"/t/{SECRET}/c/shut.{form}").status_code for form in FORMATS] == [410] * 3
    assert client.get("/c/shut.rss").status_code == 404


def test_it_may_be_longer_than_what_is_made_when_asked_for(site: Site, client: Client) -> None:
    site.configure(settings(limit=300))
    site.write("chatty", *(str(n) for n in range(290)))
    site.publish()
    assert len(items(client)) == 290


@pytest.mark.parametrize("form", FORMATS)
def test_it_is_the_stored_bytes_and_valid(site: Site, client: Client, form: Format) -> None:
    site.write("chatty", "One")
    site.publish()
    response = client.get(f"/t/{SECRET}/c/shut.{form}")
    stored = site.store.rendering("c/shut", form)
    assert stored is not None
    assert response.get_data() == stored.bodies["identity"]
    assert response.headers["ETag"] == f'"{stored.etag}"'
    assert response.last_modified == stored.last_modified
    found = validate(Document(url="", body=response.get_data()), now=site.clock())
    assert {one.code for one in found.findings} <= {"self-missing"}


def test_until_it_is_published_it_is_being_made(site: Site, client: Client) -> None:
    answer = client.get(f"/t/{SECRET}/c/shut.rss")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert client.get("/c/open.rss").status_code == 503
    assert client.get("/c/shut.rss").status_code == 404


def test_what_was_finished_before_it_became_private_is_not_served(site: Site, client: Client) -> None:
    site.write("chatty", "One")
    site.publish()
    open_to_all = settings().model_dump()
    shut_to_all = settings().model_dump()
    open_to_all["categories"][1]["access"] = "public"
    site.configure(Config.model_validate(open_to_all))
    assert client.get("/c/shut.atom").status_code in {404, 503}  # as soon as it is known
    site.publish()
    assert b'rel="self"' in asked(client, "c/shut", "atom")
    site.configure(Config.model_validate(shut_to_all))
    assert client.get(f"/t/{SECRET}/c/shut.atom").status_code == 503
    site.publish()
    assert client.get("/c/shut.atom").status_code == 404
    head = asked(client, f"t/{SECRET}/c/shut", "atom").partition(b"<entry>")[0]
    assert b"rel=" not in head.replace(b'rel="alternate"', b"")
