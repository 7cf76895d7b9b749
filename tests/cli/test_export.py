import json
from pathlib import Path

from tests.cli.conftest import Project


def www(project: Project) -> Path:
    return project.root / "www"


def test_the_site_as_files(project: Project) -> None:
    project.run("collect", "spring")
    result = project.run("export", "site", "www")
    assert result.exit_code == 0, result.output
    written = sum(path.is_file() for path in www(project).rglob("*")) - 1  # the notes of the export itself
    assert result.stdout == f"{written} files written, 0 removed, 0 left as they were\n"
    assert (
        "the web server must be reloaded: www/.feedsvc/nginx.conf and www/.feedsvc/Caddyfile" in result.stderr
    )
    assert "Snow melts" in (www(project) / "c" / "world.rss").read_text()
    assert "Snow melts" in (www(project) / "c" / "world" / "index.html").read_text()
    again = project.run("export", "site", "www")
    assert again.stdout == f"0 files written, 0 removed, {written} left as they were\n"
    assert "reloaded" not in again.stderr


def test_a_site_that_was_never_collected_is_published_first(project: Project) -> None:
    project.ok("export", "site", "www", "--older", "0")
    assert (www(project) / "c" / "notes.atom").exists()


def test_foreign_files_are_named_and_left(project: Project) -> None:
    www(project).mkdir()
    (www(project) / "robots.txt").write_text("mine")
    result = project.run("export", "site", "www")
    assert result.exit_code == 4
    assert "left alone, because no export wrote them: robots.txt; --overwrite replaces them" in result.stderr
    assert (www(project) / "robots.txt").read_text() == "mine"
    project.ok("export", "site", "www", "--overwrite")
    assert (www(project) / "robots.txt").read_text().startswith("User-agent: *\n")


def test_as_json(project: Project) -> None:
    found = json.loads(project.ok("--json", "export", "site", "www"))
    assert set(found) == {"written", "removed", "kept", "foreign"}
    assert "all.rss" in found["written"]


def test_without_an_address_of_its_own_it_is_told(project: Project) -> None:
    project.main.write_text(project.main.read_text().replace('url: "https://feeds.example.org", ', ""))
    result = project.run("export", "site", "www")
    assert "site.url is not set: every link leads to http://127.0.0.1:8000" in result.stderr


def test_where_it_cannot_be_written(project: Project) -> None:
    (project.root / "file").write_text("")
    result = project.run("export", "site", "file/www")
    assert result.exit_code == 1
    assert "error: file/www/.feedsvc cannot be written: Not a directory" in result.stderr


def test_the_list_of_the_published_feeds(project: Project) -> None:
    assert project.ok("export", "opml").count("xmlUrl=") == 3
    one = project.ok("export", "opml", "--category", "world")
    assert 'xmlUrl="https://feeds.example.org/c/world.rss"' in one
    assert one.count("xmlUrl=") == 1


def test_the_list_of_the_sources(project: Project) -> None:
    secret = "  - {id: hush, type: feed, url: 'https://a.example/?key=1'}\n  - {id: lines, type: page, url: 'https://b.example/'}\n"
    project.news.write_text(project.news.read_text() + secret)
    result = project.run("export", "opml", "--sources")
    assert result.exit_code == 0, result.output
    assert '<outline text="World" title="World">' in result.stdout
    assert result.stdout.count("xmlUrl=") == 3
    assert "key=1" not in result.stdout
    assert "2 sources left out: no feed, or an address with a secret in it" in result.stderr
    assert project.ok("export", "opml", "--sources", "--category", "notes").count("xmlUrl=") == 0
