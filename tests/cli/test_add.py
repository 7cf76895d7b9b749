import json

import pytest
from pytest_httpserver import HTTPServer

from feedsvc.bootstrap import open_store, utc_now
from feedsvc.config import load
from tests.cli.conftest import RSS, Project

LINK = '<link rel="alternate" type="application/rss+xml" href="/valley.rss">'
PAGE = f"<html><head>{LINK}</head><body>x</body></html>"


@pytest.fixture
def valley(project: Project, httpserver: HTTPServer) -> str:
    feed = RSS.replace("spring", "valley").replace("urn:x", "urn:y").replace("The Spring", "The Valley")
    httpserver.expect_request("/valley.rss").respond_with_data(feed, content_type="application/rss+xml")
    httpserver.expect_request("/valley").respond_with_data(PAGE, content_type="text/html")
    return httpserver.url_for("/valley")


def test_a_page_becomes_a_source_and_is_collected_at_once(project: Project, valley: str) -> None:
    result = project.run("add", valley, "--category", "world", "--every", "30m", "--yes")
    assert result.exit_code == 0, result.output
    path = project.root / "config" / "sources" / "world.yaml"
    assert path.read_text() == (
        "# yaml-language-server: $schema=../feedsvc.schema.json\n\nsources:\n"
        f"  - id: the-valley\n    type: feed\n    url: {valley}.rss\n    title: The Valley\n"
        "    categories: [world]\n    every: 30m\n"
    )
    lines = result.stdout.splitlines()
    assert "+++ config/sources/world.yaml" in lines
    assert "+  - id: the-valley" in lines
    assert "added the-valley at config/sources/world.yaml:4" in lines
    assert lines[-1].startswith("✓ the-valley ")
    assert "2 found, 2 new, 0 updated" in lines[-1]
    assert "Snow melts" in project.ok("feed", "world")


def test_into_a_file_that_is_there_its_comments_stay(project: Project, valley: str) -> None:
    before = project.news.read_text()
    project.ok(
        "add", valley, "--file", "news", "--id", "dale", "--title", "News: the dale", "--full-text", "--yes"
    )
    assert project.news.read_text() == before + (
        f"  - id: dale\n    type: feed\n    url: {valley}.rss\n"
        '    title: "News: the dale"\n    full_text: true\n'
    )


def test_it_asks_first(project: Project, valley: str) -> None:
    refused = project.run("add", valley, stdin="n\n")
    assert refused.exit_code == 1
    assert "add it to config/sources/added.yaml? [Y/n]" in refused.stderr
    assert not (project.root / "config" / "sources" / "added.yaml").exists()
    assert project.run("add", valley, stdin="\n").exit_code == 0
    assert (project.root / "config" / "sources" / "added.yaml").exists()


def test_a_dry_run_writes_nothing(project: Project, valley: str) -> None:
    result = project.run("add", valley, "--dry-run")
    assert result.exit_code == 0
    assert "+    title: The Valley" in result.stdout.splitlines()
    assert result.stderr.splitlines()[-1] == "nothing was written"
    assert [path.name for path in project.news.parent.iterdir()] == ["news.yaml"]


def test_as_json(project: Project, valley: str) -> None:
    added, poll = (json.loads(line) for line in project.ok("--json", "add", valley, "--yes").splitlines())
    assert (added["id"], added["file"], added["line"]) == ("the-valley", "config/sources/added.yaml", 4)
    assert added["source"] == {
        "id": "the-valley",
        "type": "feed",
        "url": f"{valley}.rss",
        "title": "The Valley",
    }
    assert (added["dry_run"], poll["source_id"], poll["new"]) == (False, "the-valley", 2)


def test_a_running_service_takes_it_up_itself(project: Project, valley: str) -> None:
    project.run("source", "list")
    store = open_store("sqlite:///data/feedsvc.db")
    store.report(name="scheduler here", kind="scheduler", revision=1, now=utc_now())
    store.close()
    result = project.run("add", valley, "--yes")
    assert "the running scheduler takes it up within 2 seconds" in result.stderr
    assert "✓" not in result.stdout
    assert load(project.root / "config").source("the-valley")


def test_what_is_there_already_is_refused(project: Project, httpserver: HTTPServer) -> None:
    url = httpserver.url_for("/spring")
    result = project.run("add", url, "--yes")
    assert result.exit_code == 1
    assert (
        "you have it already: source spring, config/sources/news.yaml:3 (it has this address)"
        in result.stderr
    )
    assert project.run("add", url, "--yes", "--force").exit_code == 0
    assert load(project.root / "config").source("the-spring").location == url


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (
            ("--category", "wrld"),
            "unknown category 'wrld': did you mean 'world'? (notes, world); a new one is",
        ),
        (("--category", "all"), "every article goes to 'all' by itself"),
        (("--id", "spring"), "the id 'spring' is taken, config/sources/news.yaml:3: choose another"),
        (("--pick", "7"), "--pick 7: there are only 1, 'feedsvc discover' shows them"),
        (("--type", "sitemap"), "nothing of type sitemap was found, only feed"),
        (("--file", "../x"), "'../x' is no name for a file of sources"),
    ],
)
def test_what_cannot_be(project: Project, valley: str, options: tuple[str, ...], words: str) -> None:
    result = project.run("add", valley, "--yes", *options)
    assert result.exit_code == 1
    assert words in result.stderr
    assert [path.name for path in project.news.parent.iterdir()] == ["news.yaml"]


def test_an_id_or_duration_that_cannot_be(project: Project, valley: str) -> None:
    result = project.run("add", valley, "--yes", "--id", "The Valley")
    assert result.exit_code == 3
    assert "did you mean 'the-valley'?" in result.stderr
    assert project.run("add", valley, "--every", "30x").exit_code == 2


def test_nothing_is_there(project: Project, httpserver: HTTPServer) -> None:
    result = project.run("add", "http://127.0.0.1:9/", "--yes")
    assert result.exit_code == 1
    assert "error: http://127.0.0.1:9/: Connection to 127.0.0.1 (port 9) failed" in result.stderr


def test_without_a_config(bare: Project) -> None:
    result = bare.run("add", "example.org")
    assert result.exit_code == 3
    assert "'feedsvc init' writes a config to start from" in result.stderr
