"""Are feeds that are made when asked for like the finished ones: kept, conditional, one for each question?"""

import gzip
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import Client, TestResponse

from feedsvc import ondemand
from feedsvc.model import FORMATS, MEDIA_TYPES
from feedsvc.web.fastpath import FastPath
from feedsvc.web.ondemand import OnDemand
from tests.web.site import ARABIC, EMPTY, URL, WORLD, Site, config, source

SCIENCE = {"id": "science", "title": "Science", "description": "Found out."}
VIEW = {
    "id": "firsts",
    "title": "What comes first",
    "description": "Saved.",
    "language": "en",
    "query": {"categories": ["world", "science"], "q": "first OR eins"},
}


def settings(**options: Any) -> Any:
    sources = [
        source("times", "world", title="The Times of Example"),
        source("akhbar", "arabic"),
        source("lab", "science", "world"),
    ]
    given = {"categories": [WORLD, ARABIC, EMPTY, SCIENCE], "sources": sources, "views": [VIEW]}
    return config(**{**given, **options})


@pytest.fixture
def site(site: Site) -> Site:
    site.configure(settings())
    site.write("lab", "Eins", "Zwei", tags=("Physics", "New York"), language="de-AT")
    site.publish()
    return site


@pytest.fixture
def made(app: Flask) -> OnDemand:
    found = app.extensions["feedsvc.ondemand"]
    assert isinstance(found, OnDemand)
    return found


def read(response: TestResponse) -> dict[str, Any]:
    assert response.status_code == 200, response.get_data(as_text=True)
    found: dict[str, Any] = json.loads(response.get_data())
    return found


def titles(client: Client, path: str) -> list[str]:
    return [item["title"] for item in read(client.get(path))["items"]]


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/s/lab.json", "Eins|Zwei"),
        ("/s/times.json", "First|Second|Third"),
        ("/c/world+science.json", "Eins|First|Second|Zwei|Third"),
        ("/c/science+arabic.json", "Eins|خبر أول|خبر ثان|Zwei"),
        ("/c/world.json?q=first", "First"),
        ("/c/world.json?q=all+-about", ""),
        ("/c/science.json?q=first", ""),
        ("/all.json?q=خبر", "خبر أول|خبر ثان"),
        ("/all.json?source=lab", "Eins|Zwei"),
        ("/all.json?source=lab&source=akhbar&q=zwei+OR+ثان", "خبر ثان|Zwei"),
        ("/c/world.json?tag=new+york", "Eins|Zwei"),
        ("/c/world.json?tag=PHYSICS&limit=1", "Eins"),
        ("/c/world.json?lang=de", "Eins|Zwei"),
        ("/c/world.json?lang=fr&lang=de-at", "Eins|Zwei"),
        ("/c/world.json?limit=2", "Eins|First"),
        ("/s/times.json?q=second", "Second"),
        ("/v/firsts.json", "Eins|First"),
        ("/v/firsts.json?q=zwei&limit=1", "Eins|First"),  # a saved feed is what it is
    ],
)
def test_what_is_in_it(client: Client, site: Site, path: str, found: str) -> None:
    assert sorted(titles(client, path)) == sorted(one for one in found.split("|") if one)


@pytest.mark.parametrize("format", FORMATS)
def test_it_says_where_it_is(client: Client, site: Site, format: str) -> None:
    response = client.get(f"/c/science+world.{format}?source=lab&q=b+a&_=17")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == MEDIA_TYPES[format]  # type: ignore[index]
    own = f"{URL}/c/science+world.{format}?q=a%20b&source=lab"
    assert f'<{own}>; rel="self"' in response.headers["Link"]
    assert own.replace("&", "&amp;" if format != "json" else "&") in response.get_data(as_text=True)


def test_it_says_what_it_is(client: Client, site: Site) -> None:
    said = read(client.get("/c/world.json?q=first&lang=en"))
    assert said["title"] == "World: “first”, en"
    assert said["home_page_url"] == f"{URL}/c/world/?lang=en&q=first"
    assert read(client.get("/s/times.json"))["title"] == "The Times of Example"
    assert read(client.get("/c/world+science.json"))["title"] == "Science + World"
    view = read(client.get("/v/firsts.json"))
    assert (view["title"], view["description"]) == ("What comes first", "Saved.")
    assert view["feed_url"] == f"{URL}/v/firsts.json"
    atom = client.get("/c/world.atom?q=first").get_data(as_text=True)
    assert "<id>tag:feeds.example.org,2026:feed:c/world?q=first</id>" in atom


# ---- one for equal questions ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [
        "/c/science+world+science.rss?q=Zwei+EINS&lang=de",
        "/c/world+science.rss?lang=DE&q=eins+zwei",
        "/c/world+science.rss?utm_source=x&q=eins++zwei&_=1&lang=de&fbclid=2",
        "/c/world+science.rss?q=eins&q=zwei&lang=de&lang=de&limit=50&source=&tag=",
        "/c/world+science.rss?q=%C3%89ins+zwei&lang=de&limit=nonsense&lang=%3Cscript%3E",
    ],
)
def test_equal_questions_are_one(client: Client, site: Site, made: OnDemand, other: str) -> None:
    first = client.get("/c/world+science.rss?lang=de&q=eins+zwei")
    second = client.get(other)
    assert first.status_code == 200
    assert second.headers["ETag"] == first.headers["ETag"]
    assert len(made) == 1


@pytest.mark.parametrize(
    "path",
    [
        "/c/world.rss?utm_source=x",
        "/c/world.rss?q=",
        "/c/world.rss?limit=50&q=!!!&tag=+&lang=%00",
        "/c/world+world.rss",
        "/c/world.rss?quelle=1&Q=x",
        "/c/world.rss?" + "a=1&" * 5000,
        "/c/world.rss?q=x" + "&q=x" * 5000,
    ],
)
def test_junk_makes_nothing(client: Client, site: Site, made: OnDemand, path: str) -> None:
    assert client.get(path).headers["ETag"] == client.get("/c/world.rss").headers["ETag"]
    assert len(made) == 0


def test_a_limit_has_bounds(client: Client, site: Site) -> None:
    site.write("times", *map(str, range(250)))
    site.publish()
    assert len(titles(client, "/c/world.json?limit=0")) == 1
    assert len(titles(client, "/c/world.json?limit=999999")) == 200
    said = read(client.get("/c/world.json?limit=999999"))
    assert said["feed_url"].endswith("?limit=200")


# ---- like the finished ones -------------------------------------------------------------------------


def test_it_is_conditional_and_packed(client: Client, site: Site) -> None:
    path = "/c/world.atom?q=first"
    plain = client.get(path)
    assert plain.headers["Cache-Control"] == client.get("/c/world.atom").headers["Cache-Control"]
    assert plain.headers["Vary"] == "Accept-Encoding"
    packed = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.get_data()) == plain.get_data()
    tag = plain.headers["ETag"].strip('"')
    assert packed.headers["ETag"] == f'"{tag}-gzip"'
    for coding in ("br", "zstd"):
        assert client.get(path, headers={"Accept-Encoding": coding}).headers["ETag"] == f'"{tag}-{coding}"'
    same = client.get(path, headers={"If-None-Match": f'"{tag}-gzip"'})
    assert (same.status_code, same.get_data()) == (304, b"")
    since = client.get(path, headers={"If-Modified-Since": plain.headers["Last-Modified"]})
    assert since.status_code == 304
    head = client.head(path)
    assert (head.status_code, head.get_data()) == (200, b"")
    assert head.headers["Content-Length"] == str(len(plain.get_data()))
    assert client.post(path).status_code == 405


def test_a_browser_is_shown_the_page(client: Client, site: Site) -> None:
    response = client.get("/c/world.rss?q=first", headers={"Sec-Fetch-Dest": "document"})
    assert (response.status_code, response.headers["Location"]) == (303, "/c/world/?q=first")
    raw = client.get("/c/world.rss?q=first&raw=1", headers={"Sec-Fetch-Dest": "document"})
    assert raw.status_code == 200


Counted = Callable[[], int]


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> Counted:
    """How often something was rendered on demand so far."""
    calls: list[str] = []
    render = ondemand.render

    def counting(form: Any, *given: Any, **named: Any) -> Any:
        calls.append(form)
        return render(form, *given, **named)

    monkeypatch.setattr(ondemand, "render", counting)
    return lambda: len(calls)


def test_it_is_made_again_only_when_something_in_it_changed(
    client: Client, site: Site, rendered: Counted
) -> None:
    path = "/c/world.rss?q=first"
    first = client.get(path)
    assert rendered() == 1
    client.get(path)
    assert rendered() == 1
    site.write("akhbar", "First of another category")
    site.publish()
    client.get(path)
    assert rendered() == 1
    site.write("times", "Nothing to do with it")
    site.publish()
    second = client.get(path)
    assert rendered() == 1
    validators = ("ETag", "Last-Modified")
    assert [second.headers[name] for name in validators] == [first.headers[name] for name in validators]
    site.write("times", "First once more")
    site.publish()
    third = client.get(path)
    assert rendered() == 2
    assert third.headers["ETag"] != first.headers["ETag"]
    assert third.headers["Last-Modified"] > first.headers["Last-Modified"]
    assert b"First once more" in third.get_data()


def test_what_is_hidden_leaves(client: Client, site: Site) -> None:
    path = "/c/world.json?q=first"
    before = client.get(path).headers["Last-Modified"]
    site.store.hide("tag:times.example,2026:1", site.clock())
    site.publish()
    after = client.get(path)
    assert read(after)["items"] == []
    assert after.headers["Last-Modified"] > before
    site.store.unhide("tag:times.example,2026:1", site.clock())
    site.publish()
    assert titles(client, path) == ["First"]


def test_the_validators_outlive_the_process(app: Flask, client: Client, site: Site) -> None:
    path = "/c/world.rss?q=first"
    before = client.get(path)
    again = OnDemand(site.services, FastPath(site.services))
    site.clock.advance(hours=1)
    found = again.answer({"PATH_INFO": "/c/world.rss", "QUERY_STRING": "q=first", "REQUEST_METHOD": "GET"})
    assert found is not None
    headers = dict(found[1])
    assert headers["ETag"] == before.headers["ETag"]
    assert headers["Last-Modified"] == before.headers["Last-Modified"]


def test_who_asks_at_once_waits_for_one(
    site: Site, made: OnDemand, client: Client, rendered: Counted
) -> None:
    client.get("/c/world.rss")  # the fast path knows the feeds
    environ = {"PATH_INFO": "/c/world.rss", "QUERY_STRING": "q=first", "REQUEST_METHOD": "GET"}
    answers: list[Any] = []
    threads = [threading.Thread(target=lambda: answers.append(made.answer(environ))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {one[0] for one in answers} == {200}
    assert rendered() == 1


def test_memory_is_bounded(site: Site, client: Client) -> None:
    client.get("/c/world.rss")
    small = OnDemand(site.services, FastPath(site.services), capacity=60_000)
    for number in range(30):
        environ = {"PATH_INFO": "/all.rss", "QUERY_STRING": f"q=w{number}", "REQUEST_METHOD": "GET"}
        assert small.answer(environ) is not None
        assert small.size <= small.capacity
    assert 0 < len(small) < 30


def test_a_new_config_holds_at_once(client: Client, site: Site) -> None:
    before = client.get("/v/firsts.json")
    assert "eins" not in str(read(client.get("/c/world.json?q=zwei"))["items"])
    view = {**VIEW, "title": "Other", "query": {"q": "zwei"}}
    site.configure(settings(views=[view], categories=[WORLD, ARABIC, EMPTY, {**SCIENCE, "content": "title"}]))
    site.publish()
    after = client.get("/v/firsts.json")
    assert read(after)["title"] == "Other"
    assert titles(client, "/v/firsts.json") == ["Zwei"]
    assert after.headers["Last-Modified"] > before.headers["Last-Modified"]
    assert "All about" not in client.get("/c/science+arabic.json?q=zwei").get_data(as_text=True)
    assert "All about" in client.get("/s/lab.json").get_data(as_text=True)


# ---- what is not there ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/s/nobody.rss",
        "/c/world+nothing.rss",
        "/c/+.rss",
        "/v/nothing.atom",
        "/x/world.rss?q=a",
        "/c/world.rss?source=nobody",
        "/c/nothing.rss?q=a",
        "/nothing.rss?q=a",
        "/c/" + "+".join(f"c{n}" for n in range(100)) + ".rss",
        "/s/nobody/",
        "/v/nothing/",
        "/c/world+nothing/",
        "/c/world/?source=nobody",
    ],
)
def test_what_is_unknown_is_not_found(client: Client, site: Site, made: OnDemand, path: str) -> None:
    assert client.get(path).status_code == 404
    assert len(made) == 0


def test_renamed_and_ended(client: Client, site: Site) -> None:
    sources = [source("zeit", "world", was=["times"]), source("lab", "science", "world")]
    categories = [{**WORLD, "id": "globe", "was": ["world"]}, {**SCIENCE, "retired": "2026-01-01"}]
    moved = [source("zeit", "globe", was=["times"]), source("lab", "science", "globe")]
    site.configure(config(categories=[{**WORLD}, SCIENCE], sources=sources))
    site.publish()
    response = client.get("/s/times.rss?q=first")
    assert (response.status_code, response.headers["Location"]) == (301, f"{URL}/s/zeit.rss?q=first")
    assert titles(client, "/all.json?source=times&q=first") == ["First"]
    assert client.get("/s/akhbar.rss").status_code == 410
    site.configure(config(categories=categories, sources=moved))
    site.publish()
    response = client.get("/c/world+globe.rss?q=a")
    assert (response.status_code, response.headers["Location"]) == (301, f"{URL}/c/globe.rss?q=a")
    assert client.get("/c/globe+science.rss").status_code == 410
    assert client.get("/c/science.rss?q=a").status_code == 410


def test_a_site_below_a_path(client: Client, site: Site) -> None:
    site.configure(settings(site={"title": "T", "url": "https://example.org/feeds"}))
    site.publish()
    response = client.get("/feeds/c/world.json?q=first")
    assert read(response)["feed_url"] == "https://example.org/feeds/c/world.json?q=first"
    browser = client.get("/feeds/c/world.rss?q=first", headers={"Sec-Fetch-Dest": "document"})
    assert browser.headers["Location"] == "/feeds/c/world/?q=first"


# ---- pages ------------------------------------------------------------------------------------------


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.get_data(as_text=True)


def test_the_form_offers_what_there_is(client: Client, site: Site) -> None:
    shown = page(client, "/c/world/")
    assert '<option value="times" dir="auto">The Times of Example</option>' in shown
    assert '<option value="lab" dir="auto">lab</option>' in shown
    assert '<option value="new york" dir="auto">New York</option>' in shown
    assert 'name="q"' in shown
    assert 'name="tag"' in page(client, "/all/")
    assert 'name="source"' not in page(client, "/s/lab/")
    assert 'name="q"' not in page(client, "/v/firsts/")


def test_filters_change_the_address_that_is_shown(client: Client, site: Site) -> None:
    shown = page(client, "/c/world/?q=%22First%22&source=times&tag=&lang=")
    for format in FORMATS:
        assert f'value="{URL}/c/world.{format}?q=first&amp;source=times"' in shown
    assert ">First</a>" in shown
    assert ">Second</a>" not in shown
    assert 'value="&#34;First&#34;"' in shown
    assert '<option value="times" dir="auto" selected>' in shown
    assert '<meta name="robots" content="noindex, follow">' in shown
    assert "1 article from 1 source" in shown


def test_nothing_found_is_said(client: Client, site: Site) -> None:
    shown = page(client, "/c/world/?q=%3Cscript%3Enowhere")
    assert "Nothing found" in shown
    assert "<script>nowhere" not in shown
    assert f'value="{URL}/c/world.rss?q=%22script%20nowhere%22"' in shown


def test_pages_of_a_selection_follow_each_other(client: Client, site: Site) -> None:
    site.write("times", *(f"N{number:03}" for number in range(70)))
    first = page(client, "/c/world/?q=about+-eins&source=times")
    assert "50+ articles" in first
    link = first.split('rel="next" href="')[1].partition('"')[0].replace("&amp;", "&")
    assert link.startswith("/c/world/?q=about%20-eins&source=times&before=")
    second = page(client, link)
    assert second.count('<article id="a') == 23
    assert 'href="/c/world/?q=about%20-eins&amp;source=times">Back to the newest' in second
    assert client.get("/c/world/?q=about&before=x").status_code == 400


def test_saved_feeds_are_listed_like_categories(client: Client, site: Site) -> None:
    index = page(client, "/")
    assert '<a href="/v/firsts/">What comes first</a>' in index
    assert f'href="{URL}/v/firsts.atom"' in index
    assert f'xmlUrl="{URL}/v/firsts.rss"' in page(client, "/opml.xml")
    assert f"<loc>{URL}/v/firsts/</loc>" in page(client, "/sitemap.xml")
    shown = page(client, "/v/firsts/")
    assert "What comes first" in shown
    assert f'value="{URL}/v/firsts.rss"' in shown
