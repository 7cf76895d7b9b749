"""Are the pages of a feed's history answered as what they are: documents that hardly ever change?"""

import gzip

import pytest
from werkzeug.test import Client

from feedsvc.refine.history import PAGE
from tests.web.site import URL, Site

PAGES = "/c/world/archive/{}.{}"


@pytest.fixture(autouse=True)
def history(site: Site) -> None:
    """Two pages and a half, three articles of which ``site`` has already."""
    site.write("times", *(f"Day {number}" for number in range(2 * PAGE + PAGE // 2)))
    site.publish()


@pytest.mark.parametrize("form", ["rss", "atom", "json"])
def test_a_page_may_be_kept_for_a_day(form: str, client: Client) -> None:
    got = client.get(PAGES.format(1, form))
    assert got.status_code == 200
    assert got.headers["Cache-Control"] == "public, max-age=86400, stale-if-error=86400"
    assert got.headers["Vary"] == "Accept-Encoding"
    assert got.headers["Access-Control-Allow-Origin"] == "*"
    assert got.content_type.startswith("application/")
    assert f'<{URL}{PAGES.format(1, form)}>; rel="self"' in got.headers["Link"]
    assert f'<{URL}/c/world.{form}>; rel="current"' in got.headers["Link"]
    packed = client.get(PAGES.format(1, form), headers={"Accept-Encoding": "br, gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == got.data
    assert packed.headers["ETag"] != got.headers["ETag"]
    assert '"' + got.headers["ETag"].strip('"') + '-gzip"' == packed.headers["ETag"]


def test_a_page_is_not_sent_twice(client: Client) -> None:
    got = client.get(PAGES.format(1, "atom"))
    for name, value in (
        ("If-None-Match", got.headers["ETag"]),
        ("If-None-Match", "*"),
        ("If-Modified-Since", got.headers["Last-Modified"]),
    ):
        again = client.get(PAGES.format(1, "atom"), headers={name: value})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == got.headers["ETag"]
    head = client.head(PAGES.format(1, "atom"))
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["ETag"] == got.headers["ETag"]
    assert head.headers["Content-Length"] == str(len(got.data))


def test_the_page_to_come_is_the_live_feed_for_now(client: Client) -> None:
    got = client.get(PAGES.format(3, "atom"))
    assert (got.status_code, got.headers["Location"]) == (307, f"{URL}/c/world.atom")
    assert got.headers["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize(
    "path", [PAGES.format(4, "rss"), PAGES.format(0, "rss"), "/c/nothing/archive/1.atom"]
)
def test_there_are_no_other_pages(path: str, client: Client) -> None:
    assert client.get(path).status_code == 404


def test_what_is_not_kept_any_more_is_gone(site: Site, client: Client) -> None:
    site.configure(site.services.config().model_copy(update={"categories": _kept_for_a_day(site)}))
    site.clock.advance(days=2)
    while site.store.prune(site.clock()):
        pass
    site.write("times", *(f"Later {number}" for number in range(PAGE)))
    site.publish()
    site.publish()
    assert client.get(PAGES.format(3, "atom")).status_code == 200
    for form in ("rss", "atom", "json"):
        assert b"archive/3." in client.get(f"/c/world.{form}").data
    gone = client.get(PAGES.format(1, "atom"))
    assert (gone.status_code, gone.data) == (410, b"Articles that old are not kept here any more.\n")


def _kept_for_a_day(site: Site) -> tuple[object, ...]:
    from datetime import timedelta

    categories = site.services.config().categories
    return tuple(one.model_copy(update={"keep_for": timedelta(days=1)}) for one in categories)
