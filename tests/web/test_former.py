"""What becomes of the addresses of feeds that have another name now, or none?"""

from datetime import timedelta

import pytest
from werkzeug.test import Client

from tests.web.site import ARABIC, EMPTY, URL, WORLD, Site, config, source


def rename(site: Site) -> None:
    """world is planet from now on, and was earth once."""
    renamed = {**WORLD, "id": "planet", "was": ["earth", "world"]}
    sources = [source("times", "planet", title="The Times of Example"), source("akhbar", "arabic")]
    site.configure(config(categories=[renamed, ARABIC, EMPTY], sources=sources))
    site.publish()


@pytest.mark.parametrize("old", ["world", "earth"])
@pytest.mark.parametrize("rest", [".rss", ".atom", ".json", "/", "/archive/1.atom", ".rss?raw=1"])
def test_a_renamed_feed_is_found_for_good(old: str, rest: str, site: Site, client: Client) -> None:
    client.get("/c/world.rss")
    rename(site)
    got = client.get(f"/c/{old}{rest}")
    assert (got.status_code, got.headers["Location"]) == (301, f"{URL}/c/planet{rest}")
    assert got.headers["Cache-Control"] == "public, max-age=86400"


def test_the_new_name_has_all_of_it(site: Site, client: Client) -> None:
    before = client.get("/c/world.json").get_json()["items"]
    rename(site)
    assert client.get("/c/planet.json").get_json()["items"] == before
    assert client.get("/c/planet/").status_code == 200


def test_a_retired_feed_is_gone_after_a_month(site: Site, client: Client) -> None:
    day = site.clock().date()
    site.configure(config(categories=[{**WORLD, "retired": day}, ARABIC, EMPTY]))
    site.publish()
    assert client.get("/c/world.json").get_json()["expired"] is True
    assert b"/c/world.rss" in client.get("/").data
    site.clock.now += timedelta(days=30)
    for path in ("/c/world.rss", "/c/world.json", "/c/world/", "/c/world/archive/1.atom"):
        assert client.get(path).status_code == 410, path
    assert client.get("/c/world.rss").data == b"This feed has ended and is gone for good.\n"
    assert b"/c/world.rss" not in client.get("/").data
    assert b"world.rss" not in client.get("/opml.xml").data


@pytest.mark.parametrize("path", ["/c/world.rss", "/c/world/"])
def test_what_is_taken_out_of_the_config_is_gone(path: str, site: Site, client: Client) -> None:
    site.configure(config(categories=[ARABIC, EMPTY], sources=[source("akhbar", "arabic")]))
    site.publish()
    assert client.get(path).status_code == 410
    assert client.get(path.replace("world", "never")).status_code == 404
