import shutil
from datetime import timedelta

import pytest
from pytest_httpserver import HTTPServer

from feedsvc.bootstrap import open_store, utc_now
from tests.cli.conftest import RSS, Project


def polls(project: Project) -> list[str]:
    store = open_store("sqlite:///data/feedsvc.db")
    try:
        return sorted(poll.source_id for poll in store.polls())
    finally:
        store.close()


def test_a_line_a_source_and_exit_code_4_where_some_failed(project: Project) -> None:
    result = project.run("collect")
    assert result.exit_code == 4
    first, second = sorted(result.stdout.splitlines(), reverse=True)
    assert first.startswith("✗ gone                     404  The server answered 404 Not Found")
    assert "→ check the url" in first
    assert second.startswith("✓ spring                   200  2 found, 2 new, 0 updated  ")
    assert second.endswith(" ms")
    assert result.stderr == "2 sources: 2 new, 0 updated, 1 failed\n"


def test_exit_code_1_where_all_failed(project: Project) -> None:
    assert project.run("collect", "gone").exit_code == 1


def test_the_second_time_nothing_is_due(project: Project) -> None:
    project.run("collect")
    again = project.run("collect")
    assert (again.exit_code, again.stdout) == (0, "")
    assert again.stderr.startswith("nothing is due: next is ")
    assert "spring" in again.stderr or "gone" in again.stderr


def test_all_polls_what_is_not_due_and_finds_nothing_new(project: Project) -> None:
    project.run("collect")
    result = project.run("collect", "--all")
    assert "– spring                   200  nothing changed" in result.stdout
    assert polls(project) == ["gone", "gone", "spring", "spring"]


def test_force_reads_again_what_has_not_changed(project: Project) -> None:
    project.run("collect", "spring")
    assert "2 found, 0 new, 0 updated" in project.ok("collect", "spring", "--force")


def test_a_paused_source_is_polled_if_it_is_named(project: Project, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/idle").respond_with_data(RSS, content_type="application/rss+xml")
    assert "2 found" in project.ok("collect", "idle")


def test_only_one_category(project: Project) -> None:
    assert project.ok("collect", "--all", "--category", "notes") == ""
    assert project.run("collect", "--all", "--category", "world").exit_code == 4
    assert polls(project) == ["gone", "spring"]
    assert project.run("collect", "--category", "wrld").exit_code == 1


def test_a_dry_run_stores_nothing(project: Project) -> None:
    assert "2 found, 2 new" in project.ok("collect", "spring", "--dry-run")
    assert polls(project) == []
    assert project.ok("article", "list") == ""


def test_an_unknown_source_polls_none(project: Project) -> None:
    result = project.run("collect", "spring", "sprang")
    assert result.exit_code == 1
    assert "did you mean 'spring'?" in result.stderr
    assert polls(project) == []


def test_polls_as_json(project: Project) -> None:
    result = project.run("collect", "--json", "spring")
    assert '"source_id": "spring"' in result.stdout
    assert '"outcome": "ok"' in result.stdout
    assert len(result.stdout.splitlines()) == 1


def test_a_source_that_another_process_polls_is_left_alone(project: Project) -> None:
    project.run("source", "list")
    store = open_store("sqlite:///data/feedsvc.db")
    assert store.claim("spring", now=utc_now(), lease="theirs", lease_for=timedelta(minutes=1))
    result = project.run("collect", "spring")
    assert result.exit_code == 1
    assert "another process polls it just now" in result.stdout
    assert store.polls() == []
    store.close()


def test_what_was_collected_is_published(project: Project) -> None:
    project.run("collect")
    store = open_store("sqlite:///data/feedsvc.db")
    assert store.dirty_feeds() == []
    rendering = store.rendering("c/world", "atom")
    store.close()
    assert rendering is not None
    assert b"Snow melts" in rendering.bodies["identity"]


def test_what_a_terminal_would_obey_is_not_printed(project: Project, httpserver: HTTPServer) -> None:
    evil = RSS.replace("Snow melts", "Snow &#x202e;\u009b31m [bold]melts[/bold]")
    httpserver.expect_request("/idle").respond_with_data(evil, content_type="application/rss+xml")
    project.ok("collect", "idle")
    shown = project.ok("article", "list", "--source", "idle")
    assert "\u202e" not in shown
    assert "\u009b" not in shown
    assert "[bold]melts[/bold]" in shown


@pytest.fixture
def feed_file(project: Project) -> str:
    (project.root / "feed.xml").write_text(RSS.replace("https://spring.example/1", "/one"))
    return "feed.xml"


def test_preview_of_a_source_an_address_and_a_file(
    project: Project, httpserver: HTTPServer, feed_file: str
) -> None:
    shutil.rmtree(project.root / "data")
    for target in ("spring", httpserver.url_for("/spring"), feed_file):
        result = project.run("preview", target)
        assert result.exit_code == 0
        assert "2026-02-02 10:00  Snow melts" in result.stdout
        assert result.stderr == f"{target}: 2 articles, nothing was stored\n"
    assert not (project.root / "data").exists()


def test_preview_of_a_file_with_its_address(project: Project, feed_file: str) -> None:
    shown = project.lines("preview", feed_file, "--url", "https://spring.example/feed")
    assert [(one["file"], one["title"], one["link"], one["published"]) for one in shown] == [
        ("feed.xml", "Snow melts", "https://spring.example/one", "2026-02-02T10:00:00Z"),
        ("feed.xml", "Birds sing", "https://spring.example/2", "2026-02-03T10:00:00Z"),
    ]


def test_preview_of_stdin_and_of_a_folder(project: Project) -> None:
    assert "Birds sing" in project.ok("preview", "-", stdin=RSS)
    (project.root / "notes").mkdir()
    (project.root / "notes" / "hello.md").write_text("# Hello\n\nThere.\n")
    assert "Hello" in project.ok("preview", "notes")


def test_preview_needs_no_config(bare: Project) -> None:
    assert "Birds sing" in bare.ok("preview", "-", stdin=RSS)


def test_preview_tells_each_failure_and_shows_the_rest(project: Project, httpserver: HTTPServer) -> None:
    result = project.run("preview", "nothing", httpserver.url_for("/gone"), "spring")
    assert result.exit_code == 4
    first, second, _ = result.stderr.splitlines()
    assert first.startswith("error: nothing: no address, no file and no source: unknown source 'nothing'")
    assert "404 Not Found" in second
    assert "Snow melts" in result.stdout
    assert project.run("preview", "nothing").exit_code == 1
