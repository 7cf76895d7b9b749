import json
from pathlib import Path

from feedsvc.bootstrap import open_store
from feedsvc.config import Environment, schema_text
from tests.cli.conftest import MAIN, Project


def test_a_fresh_directory_is_two_commands_from_its_first_feed(bare: Project) -> None:
    said = bare.run("init")
    assert said.exit_code == 0
    assert "next: feedsvc serve" in said.stderr
    assert bare.ok("check") == "config ok: 5 categories, 13 sources (12 paused)\n"
    assert "9 found, 9 new" in bare.ok("collect")
    assert "<title>What feedsvc does</title>" in bare.ok("feed", "about")


def test_the_examples_are_switched_on_by_one_command(bare: Project) -> None:
    bare.ok("init")
    assert len(bare.ok("source", "resume", "--file", "examples").splitlines()) == 12
    assert bare.ok("check") == "config ok: 5 categories, 13 sources (0 paused)\n"


def test_init_elsewhere_and_never_over_something(bare: Project) -> None:
    assert bare.run("init", "site").exit_code == 0
    written = sorted(path.name for path in (bare.root / "site").iterdir())
    assert written == [".env.example", "config"]
    assert (bare.root / "site/config/feedsvc.schema.json").read_text() == schema_text()
    (bare.root / "site/config/feedsvc.yaml").write_text("mine")
    again = bare.run("init", "site")
    assert again.exit_code == 1
    assert again.stderr == "error: site/config/feedsvc.yaml is there already: nothing was written\n"
    assert (bare.root / "site/config/feedsvc.yaml").read_text() == "mine"


def test_the_example_environment_names_every_variable(bare: Project) -> None:
    bare.ok("init")
    example = (bare.root / ".env.example").read_text()
    for name, field in Environment.model_fields.items():
        assert f"#FEEDSVC_{name.upper()}={field.default}\n" in example
    assert all(line.startswith("#") or not line for line in example.splitlines())


def test_without_a_config_the_way_to_one_is_named(bare: Project) -> None:
    for command in (("check",), ("collect",), ("serve", "--port", "1"), ("source", "list")):
        result = bare.run(*command)
        if command[0] != "serve":  # which looks at the port first
            assert result.exit_code == 3
            assert "'feedsvc init' writes a config to start from" in result.stderr


def test_check_says_what_is_probably_not_meant(project: Project) -> None:
    result = project.run("check")
    assert (result.exit_code, result.stdout) == (0, "config ok: 2 categories, 3 sources (1 paused)\n")
    assert result.stderr.splitlines() == [
        "warning: category 'notes' has no source: its feed stays empty",
        "warning: source 'idle' is in no category: its articles go to 'all' only",
    ]
    assert project.run("check", "--strict").exit_code == 3
    assert project.run("check", "-q").stderr == ""


def test_check_as_json(project: Project) -> None:
    (found,) = project.lines("check")
    assert {key: found[key] for key in ("ok", "categories", "sources", "paused")} == {
        "ok": True,
        "categories": 2,
        "sources": 3,
        "paused": 1,
    }


def test_check_reads_stdin_as_one_more_file(project: Project) -> None:
    good = "sources:\n  - {id: new, type: feed, url: 'https://example.org/', categories: [world]}\n"
    assert project.ok("check", "-", stdin=good) == "config ok: 2 categories, 4 sources (1 paused)\n"
    result = project.run("check", "-", stdin=good.replace("world", "wrold"))
    assert result.exit_code == 3
    assert "source 'new': unknown category 'wrold': did you mean 'world'? (notes, world)" in result.stderr


def test_check_of_one_file_takes_its_place_in_the_config(project: Project, tmp_path: Path) -> None:
    assert project.run("check", "config/sources/news.yaml").exit_code == 0
    assert project.run("check", "config/feedsvc.yaml").exit_code == 0
    assert project.run("check", "config").exit_code == 0
    other = tmp_path / "other.yaml"
    other.write_text("sources: [{id: spring, type: feed, url: 'https://example.org/'}]\n")
    result = project.run("check", str(other))
    assert result.exit_code == 3
    assert "source 'spring': this id is already taken at config/sources/news.yaml:3:10" in result.stderr
    assert project.run("check", "nowhere.yaml").exit_code == 3


def test_the_schema_is_printed(bare: Project) -> None:
    assert bare.ok("schema") == schema_text()
    assert json.loads(bare.ok("schema"))["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_a_broken_file_leaves_the_looking_commands_working(project: Project) -> None:
    project.run("collect")
    project.main.write_text(MAIN.replace("title: World", "titel: World"))
    result = project.run("article", "list")
    assert result.exit_code == 0
    assert "Snow melts" in result.stdout
    assert "did you mean 'title'?" in result.stderr
    assert "the config is invalid, the last good one goes on" in result.stderr
    assert project.run("collect").exit_code == 3


def test_a_command_never_changes_where_the_links_lead(project: Project) -> None:
    """The address that ``serve --port`` published is kept by those who do not listen at all."""
    project.main.write_text(MAIN.replace('url: "https://feeds.example.org", ', ""))
    project.run("collect")
    store = open_store("sqlite:///data/feedsvc.db")
    revision = store.revision()
    assert revision is not None
    moved = revision.body.replace("http://127.0.0.1:8000", "http://127.0.0.1:9123")
    store.apply_revision(body=moved, sources=(), feeds=(), now=revision.created)
    store.close()
    assert "http://127.0.0.1:9123/c/world.rss" in project.ok("export", "opml")
