import pytest
from pytest_httpserver import HTTPServer

from tests.cli.conftest import RSS, Project

PAGE = """\
<!doctype html><html><head><title>The Valley</title>
<link rel="alternate" type="application/rss+xml" title="News" href="/valley.rss">
</head><body><p>Hello</p></body></html>
"""


@pytest.fixture
def valley(project: Project, httpserver: HTTPServer) -> str:
    """The address of a page with a feed that nobody collects yet."""
    feed = RSS.replace("spring", "valley").replace("urn:x", "urn:y").replace("The Spring", "The Valley")
    httpserver.expect_request("/valley.rss").respond_with_data(feed, content_type="application/rss+xml")
    httpserver.expect_request("/valley").respond_with_data(PAGE, content_type="text/html")
    return httpserver.url_for("/valley")


def test_what_is_found_and_how_it_is_written(project: Project, valley: str) -> None:
    result = project.run("discover", valley)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    feed = valley + ".rss"
    assert lines[:3] == [" 1   The Valley", f"     {feed}", lines[2]]
    assert lines[2].startswith("     RSS feed, 2 articles, newest ")
    assert lines[3].startswith("     declared by the page; ")
    assert lines[4:6] == ["     · 2026-02-02  Snow melts", "     · 2026-02-03  Birds sing"]
    assert lines[-4:] == ["  - id: the-valley", "    type: feed", f"    url: {feed}", "    title: The Valley"]
    assert "'feedsvc add URL' writes this under 'sources:'" in result.stderr


def test_as_json_lines(project: Project, valley: str) -> None:
    (one,) = project.lines("discover", valley)
    assert (one["rank"], one["type"], one["title"], one["format"]) == (1, "feed", "The Valley", "RSS")
    assert (one["url"], one["found"], one["articles"], one["have"]) == (f"{valley}.rss", "declared", 2, None)
    assert one["newest"] == "2026-02-03T10:00:00Z"
    assert one["sample"][0] == {
        "title": "Snow melts",
        "link": "https://valley.example/1",
        "published": "2026-02-02T10:00:00Z",
    }
    assert one["yaml"].startswith("  - id: the-valley\n    type: feed\n")


def test_what_is_there_already_is_told_and_not_written_again(
    project: Project, httpserver: HTTPServer
) -> None:
    result = project.run("discover", httpserver.url_for("/spring"))
    assert "     you have it: source spring (it has this address)" in result.stdout.splitlines()
    assert "- id:" not in result.stdout
    assert project.lines("discover", httpserver.url_for("/spring"))[0]["have"] == {
        "source_id": "spring",
        "why": "it has this address",
    }


def test_not_more_than_were_asked_for(project: Project, httpserver: HTTPServer) -> None:
    for n in (1, 2):
        feed = RSS.replace("spring.example", f"s{n}.example").replace("The Spring", f"Spring {n}")
        httpserver.expect_request(f"/{n}.rss").respond_with_data(feed, content_type="application/rss+xml")
    page = PAGE.replace("</head>", '<link rel="feed" href="/1.rss"><link rel="feed" href="/2.rss"></head>')
    httpserver.expect_request("/many").respond_with_data(page, content_type="text/html")
    result = project.run("discover", httpserver.url_for("/many"), "--limit", "1")
    assert "Spring 1" in result.stdout
    assert "Spring 2" not in result.stdout
    assert "1 more proposal: --limit 2 shows all" in result.stderr


def test_without_any_config(bare: Project) -> None:
    result = bare.run("discover", "http://127.0.0.1:9/")
    assert result.exit_code == 1
    assert "Address refused: 127.0.0.1 is a loopback address" in result.stderr
    assert not (bare.root / "config").exists()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ftp://example.org/", "'ftp://example.org/' is no web address: it must start with https://"),
        ("http://127.0.0.1:9/?key=abc", "http://127.0.0.1:9/?key=…: Connection to 127.0.0.1 (port 9) failed"),
    ],
)
def test_why_nothing_was_found(project: Project, url: str, words: str) -> None:
    result = project.run("discover", url)
    assert (result.exit_code, result.stdout) == (1, "")
    assert words in result.stderr


def test_a_mistake_in_the_admin_s_platforms(project: Project, valley: str) -> None:
    (project.root / "config" / "platforms.yaml").write_text("platforms: [{id: a}]\n")
    result = project.run("discover", valley)
    assert result.exit_code == 3
    assert "config/platforms.yaml:1:13: platform 'a': 'title' is missing" in result.stderr


def test_terminal_codes_of_a_feed_do_nothing(project: Project, httpserver: HTTPServer) -> None:
    feed = RSS.replace("The Spring", "The \u202e\u009bSpring").replace("Snow melts", "Snow\u202emelts")
    httpserver.expect_request("/evil").respond_with_data(feed, content_type="application/rss+xml")
    out = project.run("discover", httpserver.url_for("/evil")).stdout
    assert "\u202e" not in out
    assert "\x1b" not in out
