"""Is everything that is published among the files, and nothing else?"""

import gzip
import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import brotli
import pytest
from flask.testing import FlaskClient
from lxml import etree

from feedsvc.errors import FeedsvcError
from feedsvc.export import export_site
from feedsvc.model import FORMATS
from feedsvc.web import create_app
from tests.export.conftest import ARTICLES
from tests.web.site import ARABIC, EMPTY, URL, WORLD, Site, config, source

KEYS = ("all", "c/world", "c/arabic", "c/empty")


@pytest.fixture
def client(site: Site) -> FlaskClient:
    return create_app(site.services).test_client()


def files(directory: Path) -> set[str]:
    return {str(path.relative_to(directory)) for path in directory.rglob("*") if path.is_file()}


def looks(directory: Path) -> dict[str, tuple[int, int]]:
    """Changes with every write, and with every new file of a name."""
    found = {path: (directory / path).stat() for path in files(directory)}
    return {path: (seen.st_ino, seen.st_mtime_ns) for path, seen in found.items()}


def public(directory: Path) -> set[str]:
    """The files that a server gives out, without their compressed forms."""
    return {path for path in files(directory) if not path.endswith((".gz", ".br")) and "/." not in f"/{path}"}


def test_every_feed_page_list_and_piece_of_history_is_there(site: Site, directory: Path) -> None:
    done = export_site(site.services, directory)
    assert set(done.written) | {".feedsvc/manifest.json"} == files(directory)
    expected = {f"{key}.{form}" for key in KEYS for form in FORMATS}
    expected |= {f"{key}/archive/{n}.{form}" for key in KEYS[:2] for n in (1, 2) for form in FORMATS}
    expected |= {f"{key}/index.html" for key in KEYS} | {f"{key}/opml.xml" for key in KEYS[1:]}
    expected |= {f"{key}/older/{n}/index.html" for key in KEYS[:2] for n in (2, 3)}
    expected |= {"index.html", "opml.xml", "sitemap.xml", "robots.txt", "favicon.ico"}
    expected |= {f"{status}.{ending}" for status in (404, 410) for ending in ("html", "txt")}
    found = public(directory)
    assert {path for path in found if not path.startswith("static/")} == expected
    assert {path.rsplit("/", 1)[1] for path in found - expected} >= {"site.css", "site.js", "icon.svg"}


def test_feeds_are_the_stored_bytes_in_every_coding(exported: tuple[Site, Path]) -> None:
    site, directory = exported
    for key in KEYS:
        for form in FORMATS:
            stored = site.store.rendering(key, form)
            assert stored is not None
            path = directory / f"{key}.{form}"
            assert path.read_bytes() == stored.bodies["identity"]
            assert path.with_name(path.name + ".gz").read_bytes() == stored.bodies["gzip"]
            assert path.with_name(path.name + ".br").read_bytes() == stored.bodies["br"]
            assert path.stat().st_mtime == stored.last_modified.timestamp()


def test_every_compressed_form_unpacks_to_the_file_beside_it_and_has_its_time(
    site: Site, directory: Path
) -> None:
    export_site(site.services, directory)
    unpack = {".gz": gzip.decompress, ".br": brotli.decompress}
    packed = [directory / path for path in files(directory) if path.endswith((".gz", ".br"))]
    assert len(packed) > 50
    for path in packed:
        plain = path.with_suffix("")
        assert unpack[path.suffix](path.read_bytes()) == plain.read_bytes()
        assert path.stat().st_mtime == plain.stat().st_mtime
        assert path.stat().st_size < plain.stat().st_size


def test_no_link_leads_nowhere(site: Site, directory: Path) -> None:
    export_site(site.services, directory, older=1)
    there = {f"/{path.removesuffix('index.html')}" for path in public(directory)}
    checked = 0
    for page in (path for path in sorted(there) if path.endswith("/")):
        text = (directory / f"{page[1:]}index.html").read_text()
        for link in re.findall(r'(?:href|src|action)="([^"]+)"', text):
            parts = urlsplit(urljoin(f"{URL}{page}", link))
            if f"{parts.scheme}://{parts.netloc}" == URL:
                assert unquote(parts.path) in there, (page, link)
                assert parts.query in {"", "raw=1"}, (page, link)
                checked += 1
    assert checked > 100


def test_no_document_names_an_address_that_is_not_there(site: Site, directory: Path) -> None:
    """Feeds, pages of history, OPML, the sitemap. The hub answers beside the files, and in place of the page
    of history after the newest the live feed (deploy/)."""
    day = site.clock().date()
    categories = [
        {**WORLD, "was": ["earth"]},
        {**ARABIC, "retired": day + timedelta(days=3)},
        EMPTY,
        {"id": "board", "title": "Board", "access": "token"},
    ]
    views = [
        {"id": "first", "title": "First", "query": {"q": "article"}},
        {"id": "shut", "title": "Shut", "access": "token", "query": {"categories": ["board"]}},
    ]
    sources = [source("times", "world", "empty"), source("akhbar", "arabic"), source("minutes", "board")]
    site.configure(config(categories=categories, sources=sources, views=views))
    site.publish()
    site.clock.advance(days=4)
    site.publish()
    export_site(site.services, directory)
    there = {f"/{path.removesuffix('index.html')}" for path in public(directory)}
    newest = {f"/{key}/archive/{site.store.last_archive(key) + 1}.{form}" for key in KEYS for form in FORMATS}
    seen: dict[str, set[str]] = {}
    for path in public(directory):
        if path.endswith((".rss", ".atom", ".json", ".xml", ".txt", ".html")):
            text = (directory / path).read_text()
            links = re.findall(rf"{URL}(/[^\s\"'<>&?#]*)", text)
            links += re.findall(r'(?:href|src|action)="(/[^"?#]*)', text) if path.endswith("html") else []
            for url in links:
                seen.setdefault(unquote(url), set()).add(path)
    assert {url: seen[url] for url in seen if url not in there | newest | {"/hub"}} == {}
    assert {path for url in newest for path in seen.get(url, ())} <= {
        path for path in public(directory) if "/archive/" in path
    }
    for path in ("opml.xml", "sitemap.xml"):
        named = {url for url, where in seen.items() if path in where}
        assert {"/v/first/", "/c/world/"} <= named
    listed = {url for url, where in seen.items() if "sitemap.xml" in where}
    assert listed == {path for path in there if path.endswith("/") and "/older/" not in path}


def test_older_articles_are_on_numbered_pages(site: Site, directory: Path) -> None:
    export_site(site.services, directory)
    pages = [directory / "c" / "world" / place / "index.html" for place in ("", "older/2", "older/3")]
    found = [re.findall(r"Article (\d+)</a></h2>", page.read_text()) for page in pages]
    assert [len(one) for one in found] == [50, 50, 30]
    assert [int(one) for page in found for one in page] == list(range(1, ARTICLES + 1))
    assert 'href="/c/world/older/3/"' in pages[1].read_text()
    assert "/older/" not in pages[2].read_text()
    export_site(site.services, directory, older=0)
    assert not (directory / "c" / "world" / "older").exists()
    assert "/older/" not in pages[0].read_text()


def test_a_second_export_touches_nothing(site: Site, directory: Path) -> None:
    export_site(site.services, directory)
    before = looks(directory)
    site.clock.advance(minutes=10)
    done = export_site(site.services, directory)
    assert (done.written, done.removed, done.foreign) == ((), (), ())
    assert looks(directory) == before


def test_only_what_changed_is_written(site: Site, directory: Path) -> None:
    export_site(site.services, directory)
    site.clock.advance(minutes=1)
    site.write("akhbar", "خبر ثالث", language="ar")
    site.publish()
    written = {
        path for path in export_site(site.services, directory).written if path[-3:] not in {".gz", ".br"}
    }
    feeds = {f"{key}.{form}" for key in ("all", "c/arabic") for form in FORMATS}
    pages = {"index.html", "all/index.html", "c/arabic/index.html", "sitemap.xml"}
    older = {f"all/older/{n}/index.html" for n in (2, 3)}
    assert feeds <= written <= feeds | pages | older
    assert pages <= written


def test_ages_are_dates_in_files(exported: tuple[Site, Path], client: FlaskClient) -> None:
    directory = exported[1]
    assert " ago</time>" in client.get("/c/world/").text
    text = (directory / "c" / "world" / "index.html").read_text()
    assert " ago</time>" not in text
    assert re.search(r">1 Mar 2026, \d\d:\d\d UTC</time>", text)


def test_a_retraction_reaches_the_files(site: Site, directory: Path) -> None:
    export_site(site.services, directory)
    page = directory / "c" / "world" / "archive" / "1.atom"
    assert "Article 130<" in page.read_text()
    site.store.hide("tag:times.example,2026:130", site.clock.advance(minutes=1))
    site.publish()
    export_site(site.services, directory)
    hidden = [path for path in public(directory) if "Article 130<" in (directory / path).read_text("latin-1")]
    assert hidden == []


def test_what_has_ended_goes_and_the_servers_are_told(site: Site, directory: Path) -> None:
    export_site(site.services, directory)
    day = site.clock().date()
    planet, arabic = {**WORLD, "id": "planet", "was": ["world"]}, {**ARABIC, "retired": day}
    sources = [source("times", "planet"), source("akhbar", "arabic")]
    site.configure(config(categories=[planet, arabic], sources=sources))
    site.publish()
    site.clock.now += timedelta(days=31)
    done = export_site(site.services, directory)
    assert {
        path for path in public(directory) if "arabic" in path or "world" in path or "empty" in path
    } == set()
    assert "c/planet.rss" in public(directory)
    assert "c/world.rss" in done.removed
    nginx = (directory / ".feedsvc" / "nginx.conf").read_text()
    moved, gone = (
        nginx.split(f"map $uri $feedsvc_{name} {{")[1].split("\n}")[0] for name in ("moved", "gone")
    )
    assert re.findall(r'"~\^(/\S+?)\(', moved) == ["/c/world"]
    assert f"{URL}/c/planet$feedsvc_rest" in moved
    assert re.findall(r'"~\^(/\S+?)\(', gone) == ["/c/arabic", "/c/empty"]
    assert "/c/arabic.rss" not in nginx


def test_what_is_private_is_nowhere(site: Site, directory: Path) -> None:
    export_site(site.services, directory)
    secret = {**ARABIC, "access": "token", "was": ["persian"]}
    site.configure(config(categories=[WORLD, secret, EMPTY]))
    site.publish()
    export_site(site.services, directory)
    told = {*files(directory)} - {".feedsvc/manifest.json"}
    assert not [path for path in told if "arabic" in path]
    assert not [
        path for path in told if re.search("c/arabic|c/persian|خبر".encode(), (directory / path).read_bytes())
    ]


def test_saved_feeds_are_files_too(site: Site, directory: Path, client: FlaskClient) -> None:
    saved = {"id": "first", "title": "The first ones", "query": {"q": "article"}}
    site.configure(config(views=[saved]))
    site.publish()
    export_site(site.services, directory)
    for form in FORMATS:
        answer = client.get(f"/v/first.{form}")
        path = directory / "v" / f"first.{form}"
        assert path.read_bytes() == answer.data
        assert path.stat().st_mtime == answer.last_modified.timestamp()
        assert gzip.decompress(path.with_name(f"{path.name}.gz").read_bytes()) == answer.data
    assert "Article 50</a></h2>" in (directory / "v" / "first" / "index.html").read_text()
    assert "v/first/" in (directory / "sitemap.xml").read_text()
    assert '"/v/first.rss" "/v/first/";' in (directory / ".feedsvc" / "nginx.conf").read_text()
    assert export_site(site.services, directory).written == ()


def test_a_site_below_a_path(site: Site, directory: Path) -> None:
    site.configure(config(site={"title": "Below", "url": f"{URL}/news"}))
    site.publish()
    export_site(site.services, directory)
    assert 'href="/news/c/world/older/2/"' in (directory / "c" / "world" / "index.html").read_text()
    assert 'href="/news/static/' in (directory / "404.html").read_text()
    nginx = (directory / ".feedsvc" / "nginx.conf").read_text()
    assert '"/news/c/world.rss" "/news/c/world/";' in nginx


def test_the_sitemap_has_every_page_and_robots_names_it(
    exported: tuple[Site, Path], client: FlaskClient
) -> None:
    site, directory = exported
    body = (directory / "sitemap.xml").read_bytes()
    assert body == client.get("/sitemap.xml").data
    found = [[part.text for part in one] for one in etree.fromstring(body)]
    assert [one[0] for one in found] == [f"{URL}/", *(f"{URL}/{key}/" for key in KEYS)]
    modified = site.store.feed_states()["c/arabic"].last_modified
    assert modified is not None
    assert found[3][1] == f"{modified:%Y-%m-%dT%H:%M:%SZ}"
    assert (directory / "robots.txt").read_text().splitlines()[-1] == f"Sitemap: {URL}/sitemap.xml"


def test_a_page_that_fails_is_told_and_nothing_is_written(site: Site, directory: Path) -> None:
    export_site(site.services, directory)
    before = files(directory)
    site.clock.advance(minutes=1)
    site.write("times", "Another")
    site.publish()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("feedsvc.web.views.page", _broken)
        with pytest.raises((FeedsvcError, RuntimeError)):
            export_site(site.services, directory)
    assert files(directory) - {path for path in files(directory) if "/new/" in path} == before


def _broken(*_: object) -> None:
    raise RuntimeError("a bug")


def test_the_opml_of_a_category(site: Site, client: FlaskClient) -> None:
    one = client.get("/c/world/opml.xml")
    assert one.headers["Content-Type"] == "text/x-opml; charset=utf-8"
    assert [outline.get("xmlUrl") for outline in etree.fromstring(one.data).iter("outline")] == [
        f"{URL}/c/world.rss"
    ]
    assert client.get("/opml.xml?category=world").data == one.data
    assert client.get("/c/never/opml.xml").status_code == 404
    assert client.get("/opml.xml?category=never").status_code == 404


def test_a_category_that_was_renamed_has_its_list_elsewhere(site: Site, client: FlaskClient) -> None:
    renamed = {**WORLD, "id": "planet", "was": ["world"]}
    site.configure(config(categories=[renamed], sources=[source("times", "planet")]))
    site.publish()
    assert client.get("/c/world/opml.xml").headers["Location"] == f"{URL}/c/planet/opml.xml"
