"""Does nothing tell what is private: no public address, no difference between 404s, no log?"""

import json
import re
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
import structlog
from sqlalchemy import event
from werkzeug.test import Client

from feedsvc.bootstrap import open_services
from feedsvc.export import export_site
from feedsvc.model import FORMATS, Author, Enclosure, Image, SafeHtml
from feedsvc.store import Store
from feedsvc.telemetry import configure_logging
from feedsvc.web import Front, words
from feedsvc.web.fastpath import FastPath
from feedsvc.web.server import Desk
from tests.conftest import Clock
from tests.web.site import ARABIC, EMPTY, URL, WORLD, Site, config, give_token, open_site, source
from tests.web.test_private import basic
from tests.web.test_server import Waiting, bytecode, environ, request, running, split

__all__ = ["bytecode"]  # a fixture

TOLD = "xylograph"  # is in everything that is private
OTHER = "zoography1"  # is nowhere
SECRET = "fst_the-right-one-of-many"
QR_CODE = re.compile(r"<path [^>]+>")
WRONG = "fst_one-that-nobody-was-given"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, filled: Path) -> Path:
    """The database of ``site``, made once to be copied."""
    path = Path(shutil.copy(filled, tmp_path_factory.mktemp("published") / "feedsvc.sqlite"))
    private = {"id": TOLD, "title": f"The {TOLD}", "description": TOLD, "access": "token"}
    views = [
        {"id": f"{TOLD}-2", "title": TOLD, "access": "token", "query": {"categories": [TOLD]}},
        {"id": "first", "title": "The first", "query": {"q": "first"}},
    ]
    sources = [
        source("times", "world", title="The Times of Example"),
        source("akhbar", "arabic"),
        source(f"{TOLD}-3", TOLD, title=f"{TOLD} daily", rights=TOLD),
    ]
    categories = [WORLD, ARABIC, EMPTY, {**private, "was": [f"{TOLD}-1"]}]
    made = open_site(path, Clock(), config(categories=categories, sources=sources, views=views))
    made.numbers["times"] = 3
    made.write(
        f"{TOLD}-3",
        *(f"{TOLD} {number}" for number in range(70)),
        content=SafeHtml(f"<p>{TOLD}</p>"),
        summary=SafeHtml(TOLD),
        tags=(TOLD,),
        language=f"x-{TOLD[:8]}",
        authors=(Author(name=TOLD, url=f"https://{TOLD}.example/"),),
        image=Image(url=f"https://{TOLD}.example/a.png"),
        enclosures=(Enclosure(url=f"https://{TOLD}.example/a.mp3", type="audio/mpeg", length=5),),
    )
    made.write("times", *(f"Article {number}" for number in range(70)))
    give_token(made, SECRET)
    for _ in range(3):
        made.publish()
    made.services.close()
    return path


@pytest.fixture
def database(tmp_path: Path, published: Path) -> Path:
    return Path(shutil.copy(published, tmp_path / "feedsvc.sqlite"))


@pytest.fixture
def site(database: Path, clock: Clock) -> Iterator[Site]:
    clock.advance(seconds=20)
    store = Store.open(f"sqlite:///{database}")
    opened = Site(services=open_services(store, clock=clock), clock=clock)
    yield opened
    opened.services.close()


# ---- public addresses -------------------------------------------------------------------------------


def links_of(base: str, body: str) -> Iterator[str]:
    """Every address in a document that is on the site, whatever the document is."""
    found = re.findall(r"""(?:href|src|action|url|xmlUrl|htmlUrl|value|data-copy)="([^"]+)\"""", body)
    found += re.findall(rf"{re.escape(URL)}[^\s\"'<>&)]*", body)
    for link in found:
        parts = urlsplit(urljoin(base, link.replace("&amp;", "&")))
        if f"{parts.scheme}://{parts.netloc}" == URL:
            yield f"{parts.path}?{parts.query}" if parts.query else parts.path


def crawled(client: Client) -> dict[str, str]:
    """What stands at every address that is found from those that anybody knows."""
    ahead = ["/", "/sitemap.xml", "/robots.txt", "/opml.xml", "/status", "/readyz", "/healthz"]
    seen: dict[str, str] = {}
    while ahead:
        path = ahead.pop()
        if path in seen:
            continue
        response = client.get(path)
        body = response.get_data(as_text=True) if response.mimetype != "image/x-icon" else ""
        seen[path] = body + str(response.headers)
        if response.status_code == 200 and not path.startswith("/static/"):
            ahead += links_of(f"{URL}{path}", body)
    return seen


def test_no_public_address_has_a_word_of_it(site: Site, client: Client) -> None:
    seen = crawled(client)
    wanted = [f"/{key}{end}" for key in ("all", "c/world") for end in ("/", "/archive/1.atom")]
    wanted += [f"/{key}.{form}" for key in ("all", "c/world", "v/first") for form in FORMATS]
    wanted += ["/all/archive/1.json", "/c/world/opml.xml", "/s/times/", "/s/times.rss"]
    assert set(wanted[:-3]) <= set(seen), set(wanted) - set(seen)
    assert len([path for path in seen if path.startswith("/a/")]) > 70
    for path in wanted:
        seen[path] = client.get(path).get_data(as_text=True)
    assert [path for path, body in seen.items() if TOLD in body.lower()] == []
    private = client.get(f"/t/{SECRET}/c/{TOLD}.atom").get_data(as_text=True)
    assert private.count(TOLD) > 50 * 8  # it would have been found


@pytest.mark.parametrize("name", ["q", "tag", "lang"])
@pytest.mark.parametrize("place", ["/all", "/c/world", "/c/arabic+world", "/s/times"])
def test_a_search_finds_as_little_as_for_a_word_that_is_nowhere(
    name: str, place: str, site: Site, client: Client
) -> None:
    told, other = (f"x-{TOLD[:8]}", f"x-{OTHER[:8]}") if name == "lang" else (TOLD, OTHER[: len(TOLD)])
    for form in (*(f".{form}" for form in FORMATS), "/"):
        bodies = [client.get(f"{place}{form}?{name}={word}") for word in (told, other)]
        assert [one.status_code for one in bodies] == [200, 200]
        first, second = (QR_CODE.sub("", one.get_data(as_text=True)) for one in bodies)
        assert first.replace(told, other) == second


def test_nothing_of_it_is_exported(site: Site, tmp_path: Path) -> None:
    export_site(site.services, tmp_path / "www")
    files = [path for path in (tmp_path / "www").rglob("*") if path.is_file()]
    assert len(files) > 60
    assert [path for path in files if TOLD in str(path.relative_to(tmp_path))] == []
    assert [path for path in files if TOLD.encode() in path.read_bytes().lower()] == []


# ---- differences ------------------------------------------------------------------------------------

PATHS = [
    *(f"/c/NAME.{form}" for form in FORMATS),
    "/c/NAME/",
    "/c/NAME",
    "/c/NAME.rss?q=a",
    "/c/NAME/?before=1",
    "/c/NAME/archive/1.atom",
    "/c/NAME/archive/9.json",
    "/c/NAME/opml.xml",
    "/opml.xml?category=NAME",
    "/c/NAME+world.rss",
    "/c/world+NAME/",
    "/c/NAME-1.rss",
    "/c/NAME-1/",
    "/v/NAME-2.rss",
    "/v/NAME-2/",
    "/s/NAME-3.rss",
    "/s/NAME-3/",
    "/all.json?source=NAME-3",
    "/all/?source=NAME-3",
    f"/t/{WRONG}/c/NAME.rss",
    f"/t/{WRONG}/c/NAME/",
]
ASKED: list[tuple[str, dict[str, str]]] = [
    ("GET", {}),
    ("HEAD", {}),
    ("OPTIONS", {}),
    ("POST", {}),
    ("GET", {"Sec-Fetch-Dest": "document"}),
    ("GET", {"If-None-Match": "*"}),
    ("GET", basic("wrong")),
]


@contextmanager
def statements(site: Site) -> Iterator[list[str]]:
    """What the database is asked."""
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    engine = site.store._db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("path", PATHS)
def test_what_is_private_is_as_if_it_were_not_there(path: str, site: Site, client: Client) -> None:
    for method, headers in ASKED:
        answers = []
        for name in (OTHER, TOLD, OTHER):
            site.clock.advance(seconds=70)  # every look is due
            client.get("/c/world.rss")
            with statements(site) as said:
                got = client.open(path.replace("NAME", name), method=method, headers=headers)
            shown = [f"{got.status_code} {got.headers}".replace(name, "NAME"), got.text.replace(name, "NAME")]
            answers.append((*shown, [one.replace(name, "NAME") for one in said]))
        assert answers[1] == answers[0] == answers[2], (method, headers)
        assert answers[1][0][:3] != "200" or method == "OPTIONS"


def test_an_article_of_it_is_as_one_that_is_not_there(site: Site, client: Client) -> None:
    entry = site.store.page(f"c/{TOLD}", limit=1)[0]
    for address in (words.address(entry), entry.id):
        there, never = client.get(f"/a/{address}"), client.get(f"/a/{address[:-1]}")
        assert (there.status_code, there.text, there.headers) == (404, never.text, never.headers)
    assert client.get(f"/t/{SECRET}/a/{words.address(entry)}").status_code == 404


def test_the_hub_does_not_know_it(site: Site, client: Client) -> None:
    said = set()
    for name in (TOLD, OTHER):
        form = {"mode": "subscribe", "callback": "https://e.example/", "topic": f"{URL}/c/{name}.rss"}
        got = client.post("/hub", data={f"hub.{key}": value for key, value in form.items()})
        said.add((got.status_code, got.text))
    assert len(said) == 1
    assert said.pop()[0] == 404


# ---- what is noted ----------------------------------------------------------------------------------

TOKENS = [SECRET, WRONG, "0123-no-token-of-ours", "a" * 250, "a" * 9_000]
ENDS = ["/c/NAME.rss", "/c/NAME/", "/c/NAME", "", "/readyz", "/%0A", "//x"]


def test_no_token_is_logged_or_kept(site: Site, database: Path, bytecode: dict[str, str]) -> None:
    """Of right and wrong ones, while all is well and while it is not."""
    paths = [f"/t/{token}{end}" for token in TOKENS for end in ENDS]
    paths += [f"/t/{WRONG}{number}/c/NAME.rss" for number in range(20)]
    paths += [f"/c/NAME.rss?token={SECRET}", f"/x/t/{SECRET}/c/NAME/", f"/{SECRET}", f"/websub/{SECRET}"]
    asked = [
        request(path.replace("NAME", TOLD), f"Referer: {URL}/t/{SECRET}/", f"Cookie: {SECRET}")
        for path in paths
    ]
    with running(database, {**bytecode, "FEEDSVC_LOG_FORMAT": "json"}) as server:
        well = {split(server.ask(one))[0] for one in asked}
        kept = "\n".join(site_dump(database))
        with closing(sqlite3.connect(database)) as connection:
            for table in ("token", "rendering_body", "websub", "feed"):
                connection.execute(f"DROP TABLE {table}")
        until = time.monotonic() + 10
        while split(server.ask(asked[0]))[0] != 503 and time.monotonic() < until:
            time.sleep(0.1)  # what is known is served for a second
        badly = {split(server.ask(one))[0] for one in asked}
    assert well >= {200, 308, 404, 429}
    assert badly >= {404, 503}
    assert "private feed not made" in server.logged
    assert "page not shown" in server.logged
    for token in (SECRET, WRONG, "no-token-of-ours", "a" * 60):
        assert token not in server.logged
        assert token not in kept
    assert max(map(len, server.logged.splitlines())) < 3_000


def site_dump(database: Path) -> Iterator[str]:
    with closing(sqlite3.connect(database)) as connection:
        yield from connection.iterdump()


@pytest.fixture
def logging() -> Iterator[None]:
    """Whatever a test makes of it, the next one has it as it was."""
    yield
    structlog.reset_defaults()


@pytest.mark.usefixtures("logging")
def test_a_crash_tells_neither_address_nor_story(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("json")

    def broken(given: dict[str, Any], _start: Any) -> list[bytes]:
        raise RuntimeError(f"no such thing: {given['PATH_INFO']}")

    desk = Desk(Front(fast=FastPath(site.services), pages=broken), threads=1)
    shown = {
        f"/t/{SECRET}/c/x.rss": "/t/…/c/x.rss",
        f"/t/{SECRET}": "/t/…",
        f"/feeds/t/{SECRET}/": "/feeds/t/…/",
        "/t/0123-no-token-of-ours/c/x.rss": "/t/…/c/x.rss",
        "/websub/0123": "/websub/…",
    }
    for path, told in shown.items():
        waiting = Waiting()
        desk.receive(waiting, environ(path))
        assert waiting.answered.wait(10)
        said = capsys.readouterr().err
        assert (json.loads(said)["event"], json.loads(said)["path"]) == ("request failed", told)
        assert SECRET not in said
