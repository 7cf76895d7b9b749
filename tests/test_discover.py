"""What is found at an address: each proposal really tried, few requests, nobody's network looked into."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from feedsvc.bootstrap import open_services
from feedsvc.collect import collect_source
from feedsvc.config import Config
from feedsvc.discover import Discovery, address, discover, names_taken, options
from feedsvc.discover.visits import MOST
from feedsvc.errors import NotFound
from feedsvc.services import Services
from feedsvc.sources.platforms import Platform
from feedsvc.store import Store
from tests.conftest import Clock

TODAY = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


class Site:
    """A small site: ``pages`` by path (with query, else without), everything else is a 404."""

    def __init__(self, server: HTTPServer) -> None:
        self.pages: dict[str, Response] = {}
        self.asked: list[str] = []
        self.url = server.url_for("").rstrip("/")
        server.expect_request(re.compile(".*")).respond_with_handler(self._answer)

    def add(self, path: str, body: str, kind: str = "text/html", status: int = 200, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = Response(body, status=status, headers=named, content_type=kind)

    def redirect(self, path: str, to: str, status: int = 302) -> None:
        self.add(path, "", status=status, location=to)

    def rss(
        self, path: str, title: str = "The Spring", *names: str, text: str = "Short.", link: str = "/news/"
    ) -> None:
        self.add(path, rss(title, self.url + link, names or ("a", "b", "c"), text), "application/rss+xml")

    def _answer(self, request: Request) -> Response:
        self.asked.append(request.full_path.rstrip("?"))
        page = self.pages.get(request.full_path.rstrip("?")) or self.pages.get(request.path)
        return page or Response("<html><body>Nothing here", status=404, content_type="text/html")


def rss(title: str, base: str, names: tuple[str, ...], text: str) -> str:
    dates = [f"{TODAY - timedelta(hours=n):%a, %d %b %Y %H:%M:%S} GMT" for n in range(len(names))]
    items = "".join(
        f"<item><title>On {name}</title><link>{base}{name}</link><pubDate>{date}</pubDate>"
        f"<description>{text}</description></item>"
        for name, date in zip(names, dates, strict=True)
    )
    return f'<rss version="2.0"><channel><title>{title}</title>{items}</channel></rss>'


def atom(title: str, base: str, *names: str) -> str:
    entries = "".join(
        f'<entry><title>On {name}</title><id>{base}{name}</id><link href="{base}{name}"/>'
        f"<updated>2026-03-01T08:00:0{n}Z</updated></entry>"
        for n, name in enumerate(names)
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>{title}</title><id>urn:x:1</id>{entries}</feed>'


def html(body: str = "", head: str = "", title: str = "Spring") -> str:
    return f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


def declared(*hrefs: str, kind: str = "application/rss+xml") -> str:
    return "".join(f'<link rel="alternate" type="{kind}" href="{href}">' for href in hrefs)


CARDS = (
    "<main>"
    + "".join(
        f'<article class="card"><h2><a href="/news/{name}">{title}</a></h2>'
        f'<time datetime="2026-02-2{n}T10:00:00Z">x</time>'
        "<p>What came of it, told in a sentence or two.</p></article>"
        for n, (name, title) in enumerate(
            {
                "bridge": "Old bridge over the river opens again",
                "school": "School gets a new roof before winter",
                "market": "Market moves to the northern square",
                "train": "Night train stops at the valley once more",
                "library": "Library lends tools as well as books",
                "harvest": "Late harvest brings the sweetest grapes",
            }.items()
        )
    )
    + "</main>"
)


@pytest.fixture
def site(httpserver: HTTPServer) -> Site:
    return Site(httpserver)


def config(*sources: dict[str, Any], **fetch: object) -> Config:
    return Config.model_validate(
        {
            "site": {"title": "Tests", "url": "https://feeds.example.org"},
            "fetch": {"allow": ["127.0.0.0/8"], "timeout": "5s", **fetch},
            "sources": list(sources),
        }
    )


@pytest.fixture
def open_on(sqlite_url: str, clock: Clock) -> Iterator[Any]:
    """``open_on(config)``: services on it."""
    opened: list[Services] = []
    store = Store.open(sqlite_url)

    def on(given: Config) -> Services:
        services = open_services(store, given, clock=clock)
        opened.append(services)
        return services

    yield on
    for services in opened:
        services.fetcher.close()
    store.close()


@pytest.fixture
def services(open_on: Any) -> Services:
    found: Services = open_on(config())
    return found


def look(services: Services, url: str, *platforms: Platform, **more: Any) -> Discovery:
    return discover(services, url, platforms=platforms, **more)


def found(services: Services, url: str, *platforms: Platform, **more: Any) -> list[tuple[str, str]]:
    """How and where."""
    proposals = look(services, url, *platforms, **more).proposals
    return [(one.candidate.found, one.source.location) for one in proposals]


# ---- feeds ------------------------------------------------------------------------------------------


def test_the_address_of_a_feed_is_its_own_proposal(services: Services, site: Site) -> None:
    site.rss("/x", "The Spring", "a", "b", text="t" * 1_200)
    result = look(services, f"{site.url}/x")
    (one,) = result.proposals
    assert (one.candidate.found, one.title, one.format, one.count, one.text) == (
        "itself",
        "The Spring",
        "RSS",
        2,
        "full",
    )
    assert one.newest == TODAY
    assert [article.title for article in one.articles] == ["On a", "On b"]
    assert (result.trouble, result.fetches, site.asked) == ("", 1, ["/x"])


def test_a_declared_feed_is_tried_and_nothing_else_looked_for(services: Services, site: Site) -> None:
    site.rss("/f.rss", "The Spring", "bridge", "school", "market")
    site.add("/", html(CARDS, declared("/f.rss", "/gone.rss", "/page")))
    site.add("/page", html("no feed"))
    assert found(services, f"{site.url}/")[0] == ("declared", f"{site.url}/f.rss")
    assert site.asked[0] == "/"
    assert sorted(site.asked[1:]) == ["/f.rss", "/gone.rss", "/page"]


def test_two_formats_of_one_feed_and_its_comments(services: Services, site: Site) -> None:
    site.rss("/rss")
    site.add("/atom", atom("The Spring", f"{site.url}/news/", "a", "b", "c"), "application/atom+xml")
    site.rss("/comments/feed", "Comments for The Spring", "a#1", "b#2")
    site.add(
        "/", html("", declared("/comments/feed", "/rss") + declared("/atom", kind="application/atom+xml"))
    )
    first, *_, last = look(services, f"{site.url}/").proposals
    assert (first.format, first.source.location, first.also) == (
        "Atom",
        f"{site.url}/atom",
        (f"{site.url}/rss",),
    )
    assert (last.source.location, last.notes) == (f"{site.url}/comments/feed", ("comments",))


def test_the_feed_of_the_section_comes_first(services: Services, site: Site) -> None:
    site.rss("/feed", "All", "a", "b", "c")
    site.rss("/sport/feed", "Sport", "x", "y", "z")
    links = "".join(f'<a href="/news/{name}">{name}</a>' for name in "xyz")
    site.add("/sport/", html(links, declared("/feed", "/sport/feed")))
    assert look(services, f"{site.url}/sport/").proposals[0].title == "Sport"


def test_a_feed_of_something_else_is_not_what_was_asked_for(services: Services, site: Site) -> None:
    site.rss("/blog.rss", "The editors' blog", "x", "y")
    site.add("/town/", html(CARDS + '<footer><a href="/blog.rss">RSS</a></footer>', title="Town"))
    first, second = look(services, f"{site.url}/town/").proposals
    assert (first.source.type, second.title) == ("page", "The editors' blog")
    assert second.notes == ("not the articles that the page lists",)


def test_beside_a_single_article_the_feed_is_meant(services: Services, site: Site) -> None:
    site.rss("/feed", "The Spring", "x", "y")
    head = '<meta property="og:type" content="article">' + declared("/feed")
    site.add("/news/old", html(CARDS, head))
    assert found(services, f"{site.url}/news/old")[0] == ("declared", f"{site.url}/feed")


def test_an_empty_list_is_told(services: Services, site: Site) -> None:
    site.rss("/feed", "The Spring", "x", "y")
    site.add(
        "/holiday/",
        html('<main><div class="articles"></div><p>No articles found.</p></main>', declared("/feed")),
    )
    result = look(services, f"{site.url}/holiday/")
    assert len(result.proposals) == 1
    assert "is empty" in result.trouble


def test_a_platform_is_known_although_its_page_refuses(services: Services, site: Site) -> None:
    forge = Platform.model_validate(
        {"id": "f", "title": "Forge", "match": ["*/u/{user}"], "feeds": [{"url": "{origin}/{user}.rss"}]}
    )
    site.rss("/ann.rss")
    site.add("/u/ann", "no", status=403)
    result = look(services, f"{site.url}/u/ann", forge)
    assert [(one.candidate.found, one.candidate.how) for one in result.proposals] == [
        ("platform", "known of this kind of address: Forge")
    ]
    assert "403 Forbidden" in result.trouble


def test_the_page_s_own_name_for_itself_is_matched_too(services: Services, site: Site) -> None:
    forge = Platform.model_validate(
        {"id": "f", "title": "Forge", "match": ["*/id/{user}"], "feeds": [{"url": "{origin}/{user}.rss"}]}
    )
    site.rss("/7.rss")
    site.add("/@ann", html("", '<link rel="canonical" href="/id/7">'))
    assert found(services, f"{site.url}/@ann", forge)[0] == ("platform", f"{site.url}/7.rss")


def test_the_usual_places_beside_the_page_and_at_the_root(services: Services, site: Site) -> None:
    site.rss("/blog/feed/", "Blog", "a", "b")
    site.rss("/feed.xml", "All", "x", "y")
    site.add("/blog", html())
    assert set(found(services, f"{site.url}/blog")) >= {
        ("guessed", f"{site.url}/blog/feed/"),
        ("guessed", f"{site.url}/feed.xml"),
    }


def test_a_usual_place_that_redirects_is_no_feed(services: Services, site: Site) -> None:
    site.rss("/somewhere/else")
    site.redirect("/feed", "/somewhere/else")
    site.redirect("/rss", "/")
    site.add("/", html())
    assert found(services, f"{site.url}/") == []


def test_but_a_slash_at_its_end_is_tried(services: Services, site: Site) -> None:
    site.rss("/feed/")
    site.redirect("/feed", "/feed/", 301)
    site.add("/", html())
    assert found(services, f"{site.url}/") == [("guessed", f"{site.url}/feed/")]


@pytest.mark.parametrize(("status", "path"), [(301, "/new"), (308, "/new"), (302, "/old"), (307, "/old")])
def test_what_moved_for_good_is_configured_where_it_is(
    services: Services, site: Site, status: int, path: str
) -> None:
    site.rss("/new")
    site.redirect("/old", "/new", status)
    assert found(services, f"{site.url}/old") == [("itself", f"{site.url}{path}")]


# ---- others -----------------------------------------------------------------------------------------


def test_the_interface_of_wordpress(services: Services, site: Site) -> None:
    posts = [
        {
            "id": n,
            "link": f"{site.url}/{n}",
            "guid": {"rendered": f"{site.url}/?p={n}"},
            "title": {"rendered": f"Post &#8220;{n}&#8221;"},
            "date_gmt": f"2026-02-0{n}T10:00:00",
            "content": {"rendered": "<p>Text</p>"},
            "excerpt": {"rendered": ""},
        }
        for n in range(1, 5)
    ]
    site.add("/wp-json/wp/v2/posts", json.dumps(posts), "application/json")
    site.add("/", html("", '<link rel="https://api.w.org/" href="/wp-json/">'))
    (one,) = [one for one in look(services, f"{site.url}/").proposals if one.source.type == "api"]
    assert (one.count, one.articles[3].title) == (4, "Post “4”")
    assert one.newest == datetime(2026, 2, 4, 10, 0, tzinfo=UTC)


def test_json_at_the_address(services: Services, site: Site) -> None:
    rows = [
        {"headline": f"Headline number {n}", "url": f"/s/{n}", "published_at": f"2026-02-0{n}"}
        for n in range(1, 6)
    ]
    site.add("/api", json.dumps({"data": {"rows": rows}}), "application/json")
    (one,) = look(services, f"{site.url}/api").proposals
    assert (one.source.type, one.candidate.found, one.count) == ("api", "itself", 5)
    assert options(one)["items"] == "data.rows"


def sitemap(*places: str) -> str:
    urls = "".join(f"<url><loc>{place}</loc><lastmod>2026-02-01</lastmod></url>" for place in places)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'


def test_the_sitemaps_that_robots_txt_names(services: Services, site: Site) -> None:
    index = f"<sitemap><loc>{site.url}/posts.xml</loc></sitemap>"
    site.add("/robots.txt", f"Sitemap: {site.url}/index.xml.gz\n", "text/plain")
    site.add(
        "/index.xml.gz",
        f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{index}</sitemapindex>',
        "application/xml",
    )
    places = [f"{site.url}/{part}/a-story-of-the-valley-{n}" for part in ("news", "sport") for n in range(4)]
    site.add("/posts.xml", sitemap(*places), "application/xml")
    site.add("/news", html())
    (one,) = [one for one in look(services, f"{site.url}/news").proposals if one.source.type == "sitemap"]
    assert (one.candidate.how, one.count) == ("the sitemaps that robots.txt names", 4)
    assert options(one) == {
        "id": "spring",
        "type": "sitemap",
        "url": f"{site.url}/",
        "title": "Spring",
        "include": ["/news/"],
    }


def test_a_sitemap_at_the_usual_place_and_as_the_address(services: Services, site: Site) -> None:
    site.add(
        "/sitemap.xml", sitemap(*(f"{site.url}/2026/02/a-story-{n}" for n in range(4))), "application/xml"
    )
    site.add("/", html())
    assert ("sitemap", f"{site.url}/sitemap.xml") in found(services, f"{site.url}/")
    assert found(services, f"{site.url}/sitemap.xml") == [("itself", f"{site.url}/sitemap.xml")]


def test_the_page_itself_as_a_list(services: Services, site: Site) -> None:
    site.add("/", html(CARDS))
    (one,) = look(services, f"{site.url}/").proposals
    assert (one.source.type, one.count) == ("page", 6)
    assert one.articles[0].title == "Old bridge over the river opens again"
    assert one.candidate.how.startswith("a list on the page: ")
    assert one.selectors["item"]
    assert options(one) == {"id": "spring", "type": "page", "url": f"{site.url}/", "title": "Spring"}


def test_all_ways_are_shown_if_asked_for(services: Services, site: Site) -> None:
    site.rss("/f.rss", "The Spring", "bridge", "school", "market")
    site.add(
        "/sitemap.xml", sitemap(*(f"{site.url}/2026/02/a-story-{n}" for n in range(4))), "application/xml"
    )
    site.add("/", html(CARDS, declared("/f.rss")))
    assert [kind for kind, _ in found(services, f"{site.url}/", thorough=True)] == [
        "declared",
        "page",
        "sitemap",
    ]
    assert "sitemap" not in [kind for kind, _ in found(services, f"{site.url}/")]


# ---- trouble ----------------------------------------------------------------------------------------


def test_nobody_answers(services: Services) -> None:
    result = look(services, "http://127.0.0.1:9/")
    assert (result.proposals, result.fetches) == ((), 1)
    assert "Connection refused" in result.trouble


def test_a_missing_page(services: Services, site: Site) -> None:
    result = look(services, f"{site.url}/gone")
    assert result.proposals == ()
    assert "404 Not Found" in result.trouble


def test_a_robot_check_is_no_page(services: Services, site: Site) -> None:
    site.add(
        "/", html("", title="Just a moment..."), status=403, cf_mitigated="challenge", server="cloudflare"
    )
    result = look(services, f"{site.url}/")
    assert result.proposals == ()
    assert "Cloudflare" in result.trouble


@pytest.fixture
def drawn(site: Site) -> str:
    """A page that says nothing before its script has run."""
    site.add("/app.js", f"document.getElementById('root').innerHTML = {json.dumps(CARDS)}", "text/javascript")
    without = "<noscript>You need to enable JavaScript to run this app.</noscript>"
    site.add("/", html(f'<div id="root"></div>{without}<script src="/app.js"></script>', title="Birds"))
    return f"{site.url}/"


def test_a_page_that_only_a_browser_can_draw(services: Services, drawn: str) -> None:
    result = look(services, drawn)
    assert "JavaScript" in result.trouble
    (one,) = result.proposals
    assert options(one)["render"] == "browser"
    assert (one.count, one.title) == (6, "Birds")


def test_it_is_proposed_although_there_is_no_browser_to_try_it(
    services: Services, drawn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    (one,) = look(services, drawn).proposals
    assert options(one)["render"] == "browser"
    assert one.notes[0].startswith("not tried: ")


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_in_need_of_rest_is_left_alone(services: Services, site: Site, status: int) -> None:
    site.add("/", "later", status=status)
    result = look(services, f"{site.url}/")
    assert (result.proposals, site.asked) == ((), ["/"])
    assert str(status) in result.trouble


def test_there_are_few_requests(services: Services, site: Site) -> None:
    links = declared(*(f"/{n}.rss" for n in range(100)))
    site.add("/deep/er", html("".join(f'<a href="/{n}.atom">x</a>' for n in range(100)), links))
    result = look(services, f"{site.url}/deep/er", thorough=True)
    assert result.fetches == len(site.asked) <= MOST


def test_there_is_little_time(open_on: Any, site: Site, clock: Clock) -> None:
    services = open_on(config())
    site.add("/", html("", declared(*(f"/{n}.rss" for n in range(8)))))
    real = services.clock
    ticks = iter(range(0, 10_000, 30))  # each look at the clock takes half a minute
    slow = Services(
        store=services.store,
        fetcher=services.fetcher,
        clock=lambda: real() + timedelta(seconds=next(ticks)),
        in_force=services.in_force,
        tag=services.tag,
    )
    assert look(slow, f"{site.url}/").proposals == ()
    assert site.asked == ["/"]


# ---- guarded ----------------------------------------------------------------------------------------


def test_what_a_page_names_is_not_looked_for_in_a_private_network(
    services: Services, site: Site, httpserver: HTTPServer
) -> None:
    other = HTTPServer(host="127.0.0.1")
    other.start()
    try:
        other.expect_request("/f.rss").respond_with_data(rss("Secret", "https://x.example/", ("a",), ""))
        site.add("/", html("", declared(other.url_for("/f.rss"))))
        assert found(services, f"{site.url}/") == []
        assert other.log == []
        assert found(services, other.url_for("/f.rss")) == [("itself", other.url_for("/f.rss"))]
    finally:
        other.stop()


def test_without_fetch_allow_nothing_private_is_fetched(open_on: Any, site: Site) -> None:
    site.rss("/f.rss")
    result = look(open_on(config(allow=[])), f"{site.url}/f.rss")
    assert result.proposals == ()
    assert "a loopback address; if that is meant, list its network in fetch.allow" in result.trouble
    assert site.asked == []


# ---- already there ----------------------------------------------------------------------------------


def source(url: str, **more: object) -> dict[str, Any]:
    return {"id": "spring", "type": "feed", "url": url, **more}


@pytest.mark.parametrize("path", ["/f.rss", "/f.rss/", "/f.rss?utm_source=x", "/moved"])
def test_a_source_of_the_same_address(open_on: Any, site: Site, path: str) -> None:
    for one in ("/f.rss", "/f.rss/", "/f.rss?utm_source=x"):
        site.rss(one)
    site.redirect("/moved", "/f.rss")
    services = open_on(config(source(f"{site.url}/f.rss", enabled=False)))
    (one,) = look(services, f"{site.url}{path}").proposals
    assert one.have is not None
    assert (one.have.source_id, one.have.why) == ("spring", "it has this address")


def test_a_source_of_the_same_articles(open_on: Any, site: Site, clock: Clock) -> None:
    site.rss("/old.rss", "The Spring", "a", "b", "c", "d")
    services = open_on(config(source(f"{site.url}/old.rss")))
    assert services.store.claim("spring", now=clock(), lease="x", lease_for=timedelta(minutes=1))
    collect_source(services, "spring", lease="x")
    site.add("/new.atom", atom("Spring", f"{site.url}/news/", "b", "c", "d", "e"), "application/atom+xml")
    (one,) = look(services, f"{site.url}/new.atom").proposals
    assert one.have is not None
    assert (one.have.source_id, one.have.why) == ("spring", "it has 3 of the 4 articles")
    site.rss("/other.rss", "Other", "d", "x", "y", "z")
    (one,) = look(services, f"{site.url}/other.rss").proposals
    assert one.have is None


# ---- as it is written -------------------------------------------------------------------------------


def test_an_id_that_nothing_of_ours_has(open_on: Any, site: Site) -> None:
    site.rss("/f.rss", "Spring")
    earlier = {"id": "spring-2", "type": "feed", "url": "https://x.example/"}
    open_on(config(earlier))
    services = open_on(config(source("https://y.example/", was=["spring-3"])))
    (one,) = look(services, f"{site.url}/f.rss").proposals
    assert options(one, taken=names_taken(services, one)) == {
        "id": "spring-4",
        "type": "feed",
        "url": f"{site.url}/f.rss",
        "title": "Spring",
    }


def test_a_source_that_was_taken_out_gets_its_id_again(open_on: Any, site: Site) -> None:
    site.rss("/f.rss", "Spring")
    open_on(config(source(f"{site.url}/f.rss")))
    services = open_on(config())
    (one,) = look(services, f"{site.url}/f.rss").proposals
    assert options(one, taken=names_taken(services, one))["id"] == "spring"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("example.org", "https://example.org"),
        (" example.org/news ", "https://example.org/news"),
        ("//example.org/a", "https://example.org/a"),
        ("localhost:8000/a", "https://localhost:8000/a"),
        ("HTTP://example.org", "http://example.org"),
        ("feed:https://example.org/a", "https://example.org/a"),
        ("feed://http://example.org/a", "http://example.org/a"),
        ("example.org/?u=http://x", "https://example.org/?u=http://x"),
    ],
)
def test_an_address_as_it_is_typed(typed: str, meant: str) -> None:
    assert address(typed) == meant


@pytest.mark.parametrize(
    "typed",
    ["", "ftp://example.org", "mailto:a@b.example", "a b", "https://", "file:///etc/passwd", "https://[x"],
)
def test_what_is_no_address(typed: str) -> None:
    with pytest.raises(NotFound, match="is no web address"):
        address(typed)


def test_http_is_tried_where_nobody_speaks_https(services: Services, site: Site) -> None:
    site.rss("/f.rss")
    assert found(services, f"{site.url.removeprefix('http://')}/f.rss") == [("itself", f"{site.url}/f.rss")]
