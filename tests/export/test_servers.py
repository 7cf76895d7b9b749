"""Does a reader see any difference between the application and its exported files behind a web server?"""

import gzip
import http.client
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import brotli
import pytest
from flask import Flask

from feedsvc.export import export_site
from feedsvc.web import create_app
from tests.conftest import Clock
from tests.export.servers import caddy, nginx
from tests.web.site import ARABIC, EMPTY, URL, WORLD, Site, config, open_site, source

SERVERS: dict[str, Callable[[Path, Path], AbstractContextManager[int]]] = {"nginx": nginx, "caddy": caddy}
FEEDS = [f"/{key}.{form}" for key in ("all", "c/planet", "c/empty") for form in ("rss", "atom", "json")]
HISTORY = [f"/c/planet/archive/1.{form}" for form in ("rss", "atom", "json")] + ["/all/archive/2.atom"]
LISTS = ["/opml.xml", "/c/planet/opml.xml", "/robots.txt", "/sitemap.xml", "/favicon.ico"]
PAGES = ["/", "/all/", "/c/planet/", "/c/arabic/"]
CODINGS = ["", "gzip", "br", "gzip, deflate, br", "gzip;q=0, br;q=0", "identity"]

# What a server says of itself and of this moment.
OWN = {"server", "date", "connection", "accept-ranges", "transfer-encoding", "content-length"}
VALIDATORS = {"etag", "last-modified"}
PAGES_ONLY = {
    "content-security-policy",
    "cross-origin-opener-policy",
    "referrer-policy",
}  # say nothing of feeds


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def plain(self) -> bytes:
        coding = self.headers.get("content-encoding")
        if coding == "gzip":
            return gzip.decompress(self.body)
        return brotli.decompress(self.body) if coding == "br" else self.body


Ask = Callable[..., Answer]


def told(answer: Answer, *without: str) -> dict[str, str]:
    return {
        name: value for name, value in answer.headers.items() if name not in OWN | VALIDATORS | {*without}
    }


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, published: Path) -> Iterator[tuple[Site, Path]]:
    """A site where one category was renamed, one has ended and one was taken out; and its export."""
    here = tmp_path_factory.mktemp("world")
    clock = Clock()
    clock.advance(seconds=10)
    site = open_site(Path(shutil.copy(published, here / "feedsvc.sqlite")), clock)
    renamed = {**WORLD, "id": "planet", "was": ["earth", "world"]}
    over = {"id": "over", "title": "Over", "retired": clock().date() - timedelta(days=31)}
    sources = [source("times", "planet", title="The Times of Example"), source("akhbar", "arabic")]
    brief = {"id": "brief", "title": "Brief"}
    site.configure(config(categories=[WORLD, ARABIC, EMPTY, brief]))
    site.configure(config(categories=[renamed, ARABIC, EMPTY, over], sources=sources))
    site.publish()
    export_site(site.services, here / "www")
    yield site, here / "www"
    site.services.close()


@pytest.fixture(scope="module")
def live(world: tuple[Site, Path]) -> Ask:
    app: Flask = create_app(world[0].services)

    def ask(path: str, method: str = "GET", **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with app.test_client() as client:
            got = client.open(path, method=method, headers=named)
            return Answer(got.status_code, {n.lower(): v for n, v in got.headers}, got.data)

    return ask


@pytest.fixture(scope="module", params=sorted(SERVERS))
def static(
    request: pytest.FixtureRequest, world: tuple[Site, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ask]:
    here = tmp_path_factory.mktemp("server") / "server"
    with SERVERS[request.param](world[1], here) as port:
        yield asking(port)


def asking(port: int) -> Ask:
    def ask(path: str, method: str = "GET", **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        got = connection.getresponse()
        answer = Answer(got.status, {n.lower(): v for n, v in got.getheaders()}, got.read())
        connection.close()
        return answer

    return ask


@pytest.mark.parametrize("path", [*FEEDS, *HISTORY, *LISTS])
def test_everything_but_pages_is_byte_for_byte_the_same(path: str, live: Ask, static: Ask) -> None:
    for accept in CODINGS:
        mine, theirs = static(path, Accept_Encoding=accept), live(path, Accept_Encoding=accept)
        assert mine.status == theirs.status == 200
        assert mine.plain == theirs.plain, accept
        unlike = {"content-encoding", *(PAGES_ONLY if path in HISTORY else ())}
        assert told(mine, *unlike) == told(theirs, *unlike), accept


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_has_the_coding_and_the_time_of_the_application(path: str, live: Ask, static: Ask) -> None:
    for accept in CODINGS:
        mine, theirs = static(path, Accept_Encoding=accept), live(path, Accept_Encoding=accept)
        assert mine.body == theirs.body, accept
        assert mine.headers.get("content-encoding") == theirs.headers.get("content-encoding")
        assert mine.headers["last-modified"] == theirs.headers["last-modified"]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_the_same_with_dates_in_place_of_ages(path: str, live: Ask, static: Ask) -> None:
    mine, theirs = static(path, Accept_Encoding="gzip"), live(path, Accept_Encoding="gzip")
    assert (mine.status, told(mine)) == (theirs.status, told(theirs))
    assert mine.plain.count(b"<article") == theirs.plain.count(b"<article") > 0
    assert b" ago</time>" not in mine.plain


def test_what_comes_with_the_pages_is_kept_for_good(live: Ask, static: Ask) -> None:
    page = static("/").plain.decode()
    paths = [part.split('"')[0] for part in page.split('"/static/')[1:]]
    assert len(set(paths)) == 3
    for path in set(paths):
        mine, theirs = static(f"/static/{path}"), live(f"/static/{path}")
        assert (mine.status, mine.body, told(mine)) == (200, theirs.body, told(theirs))
        assert mine.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    "path", ["/c/planet.rss", "/all.json", "/c/planet/archive/1.atom", "/opml.xml", "/c/planet/"]
)
@pytest.mark.parametrize("accept", ["", "gzip", "br"])
def test_nothing_changed_is_a_304(path: str, accept: str, live: Ask, static: Ask) -> None:
    got = static(path, Accept_Encoding=accept)
    tag, modified = got.headers["etag"], got.headers["last-modified"]
    theirs = live(
        path, Accept_Encoding=accept, If_None_Match=live(path, Accept_Encoding=accept).headers["etag"]
    )
    for condition in (
        {"If_None_Match": tag},
        {"If_None_Match": f"W/{tag}"},
        {"If_None_Match": f'"other", {tag}'},
        {"If_None_Match": "*"},
        {"If_None_Match": tag, "If_Modified_Since": modified},
        {"If_Modified_Since": modified},
        {"If_Modified_Since": "Fri, 01 Jan 2100 00:00:00 GMT"},
    ):
        again = static(path, Accept_Encoding=accept, **condition)
        assert (again.status, again.body) == (304, b""), condition
        assert again.headers["etag"] == tag
        for name in ("cache-control", "vary", "access-control-allow-origin"):
            assert again.headers.get(name) == theirs.headers.get(name), name
    for condition in ({"If_None_Match": '"other"'}, {"If_Modified_Since": "Thu, 01 Jan 1970 00:00:00 GMT"}):
        assert static(path, Accept_Encoding=accept, **condition).status == 200


def test_each_coding_has_a_tag_of_its_own(static: Ask) -> None:
    tags = [static("/c/planet.rss", Accept_Encoding=accept).headers["etag"] for accept in ("", "gzip", "br")]
    assert len(set(tags)) == 3


@pytest.mark.parametrize("path", ["/c/planet.rss", "/", "/c/planet/archive/1.json", "/opml.xml"])
def test_head_is_get_without_the_body(path: str, static: Ask) -> None:
    got, head = static(path, Accept_Encoding="br"), static(path, "HEAD", Accept_Encoding="br")
    assert (head.status, head.body) == (200, b"")
    unlike = {"date": "", "transfer-encoding": ""}
    assert {**head.headers, **unlike} == {**got.headers, **unlike}


@pytest.mark.parametrize("path", ["/c/planet.rss", "/all.atom"])
def test_a_browser_is_shown_the_page(path: str, live: Ask, static: Ask) -> None:
    mine, theirs = (ask(path, Sec_Fetch_Dest="document") for ask in (static, live))
    assert (mine.status, mine.headers["location"]) == (303, theirs.headers["location"])
    assert (mine.headers["vary"], mine.headers["cache-control"]) == ("Sec-Fetch-Dest", "no-store")
    for raw in (f"{path}?raw=1", f"{path}?utm_source=x&raw=1"):
        assert static(raw, Sec_Fetch_Dest="document").plain == live(path).plain
    assert static(f"{path}?raw=0", Sec_Fetch_Dest="document").status == 303
    assert static(path, Sec_Fetch_Dest="empty").status == 200


def test_junk_in_the_query_changes_nothing(static: Ask) -> None:
    assert static("/c/planet.rss?_=123&utm_source=x").body == static("/c/planet.rss").body


def test_a_script_of_another_site_may_ask_first(live: Ask, static: Ask) -> None:
    mine, theirs = static("/c/planet.json", "OPTIONS"), live("/c/planet.json", "OPTIONS")
    assert (mine.status, mine.body) == (theirs.status, b"") == (204, b"")
    names = [name for name in theirs.headers if name.startswith("access-control") or name == "allow"]
    assert len(names) == 5
    assert {name: mine.headers.get(name) for name in names} == {name: theirs.headers[name] for name in names}


def test_nothing_can_be_posted(static: Ask) -> None:
    assert static("/c/planet.rss", "POST").status == 405


@pytest.mark.parametrize("old", ["world", "earth"])
@pytest.mark.parametrize("rest", [".rss", ".atom?raw=1", "/", "/archive/1.json", "/opml.xml"])
def test_what_was_renamed_is_found(old: str, rest: str, live: Ask, static: Ask) -> None:
    mine, theirs = static(f"/c/{old}{rest}"), live(f"/c/{old}{rest}")
    assert (mine.status, mine.headers["location"]) == (301, f"{URL}/c/planet{rest}")
    for name in ("location", "cache-control", "access-control-allow-origin"):
        assert mine.headers.get(name) == theirs.headers[name], name


@pytest.mark.parametrize("key", ["over", "brief"])
@pytest.mark.parametrize("rest", [".rss", "/", "/archive/1.json"])
def test_what_has_ended_is_gone(key: str, rest: str, live: Ask, static: Ask) -> None:
    mine, theirs = static(f"/c/{key}{rest}"), live(f"/c/{key}{rest}")
    assert mine.status == theirs.status == 410
    assert mine.headers["cache-control"] == "no-store"
    assert mine.headers["content-type"].startswith("text/html" if rest == "/" else "text/plain")


@pytest.mark.parametrize(
    "path", ["/c/never.rss", "/c/never/", "/c/never/archive/1.rss", "/nothing", "/x.json"]
)
def test_what_never_was_is_not_found(path: str, static: Ask) -> None:
    got = static(path)
    assert (got.status, got.headers["cache-control"]) == (404, "no-store")
    kind = "text/html; charset=utf-8" if "." not in path else "text/plain; charset=utf-8"
    assert got.headers["content-type"] == kind
    assert b"There is nothing at this address." in got.body


@pytest.mark.parametrize("key", ["c/planet", "all"])
def test_history_ends_where_the_live_feed_begins(key: str, live: Ask, static: Ask) -> None:
    mine, theirs = static(f"/{key}/archive/3.atom"), live(f"/{key}/archive/3.atom")
    assert mine.status == theirs.status == 307
    assert f"{URL}{mine.headers['location']}" == theirs.headers["location"] == f"{URL}/{key}.atom"
    assert mine.headers["cache-control"] == theirs.headers["cache-control"]
    assert static(f"/{key}/archive/4.atom").status == 410  # the application says 404


def test_the_notes_of_the_export_are_nobody_s_business(static: Ask) -> None:
    for path in ("/.feedsvc/manifest.json", "/.feedsvc/nginx.conf", "/c/planet/archive/.next-3"):
        assert static(path).status == 404, path


def test_a_list_of_one_category(live: Ask, static: Ask) -> None:
    assert static("/opml.xml?category=planet").body == live("/opml.xml?category=planet").body
    assert static("/opml.xml?category=planet").body == live("/c/planet/opml.xml").body
    assert static("/opml.xml?category=never").status == 404


def test_a_directory_is_found_without_its_slash(static: Ask) -> None:
    got = static("/c/planet")
    assert got.status in {301, 308}
    assert got.headers["location"] == "/c/planet/"


def test_two_versions_of_one_size_never_share_a_tag(world: tuple[Site, Path], static: Ask) -> None:
    path = world[1] / "c" / "arabic.rss"
    before = static("/c/arabic.rss").headers["etag"]
    seen = path.stat()
    try:
        os.utime(path, (seen.st_mtime, seen.st_mtime + 1))  # what the export makes of a second version
        assert static("/c/arabic.rss", If_None_Match=before).status == 200
    finally:
        os.utime(path, (seen.st_mtime, seen.st_mtime))


def test_nobody_is_told_what_the_server_is(static: Ask) -> None:
    assert "/" not in static("/").headers.get("server", "")
