"""Options before and after, exit codes, errors in one line, commands found late."""

import json
import subprocess
import sys
import time

import click
import pytest

from feedsvc.cli import COMMANDS, cli
from tests.cli.conftest import Project


def commands() -> list[tuple[str, click.Command]]:
    """Every command that does something, with its whole name."""
    context = click.Context(cli)
    found: list[tuple[str, click.Command]] = []
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        below = command.commands if isinstance(command, click.Group) else {}
        found += [(f"{name} {child}", one) for child, one in below.items()] or [(name, command)]
    return found


def test_the_command_line_that_was_agreed_on() -> None:
    assert {name for name, _ in commands()} == {
        *("serve", "web", "scheduler", "check", "schema", "init", "collect", "preview", "feed", "doctor"),
        *("source list", "source show", "source run", "source pause", "source resume", "source rm"),
        *(
            "article list",
            "article show",
            "article hide",
            "article unhide",
            "export opml",
            "export articles",
            "export site",
            "import opml",
            "db upgrade",
            "db current",
        ),
        *("token create", "token list", "token revoke"),
        *("extract", "discover", "add", "validate", "completion"),
    }


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_explains_itself(name: str, bare: Project) -> None:
    assert COMMANDS[name][1] in bare.ok("--help")
    help_text = bare.ok(name, "--help")
    assert "Global options (see 'feedsvc --help') are taken here too." in help_text or name == "completion"


def test_options_are_taken_before_and_after_the_command(project: Project) -> None:
    before = project.ok("--json", "-c", "config", "source", "list")
    assert project.ok("source", "list", "--json", "--config=config") == before
    assert project.ok("source", "--json", "list", "-c", "config") == before
    assert len(before.splitlines()) == 3


def test_the_later_one_counts(project: Project) -> None:
    assert project.run("-c", "nowhere", "check", "-c", "config").exit_code == 0
    assert project.run("-c", "config", "check", "-c", "nowhere").exit_code == 3


def test_the_environment_and_its_file_are_asked_last(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project.root / "config").rename(project.root / "other")
    assert project.run("check").exit_code == 3
    (project.root / ".env").write_text("FEEDSVC_CONFIG=other\n")
    assert project.run("check").exit_code == 0
    monkeypatch.setenv("FEEDSVC_CONFIG", "third")
    assert project.run("check").exit_code == 3


@pytest.mark.parametrize("place", [("--version",), ("source", "--version"), ("source", "list", "--version")])
def test_the_version(bare: Project, place: tuple[str, ...]) -> None:
    assert bare.ok(*place).startswith("feedsvc ")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("sorce",), "Did you mean 'source'?"),
        (("source", "lst"), "Did you mean 'list'?"),
        (("source", "list", "--failng"), "Did you mean '--failing'?"),
        (("source", "pause"), "give IDs, or --file NAME: one of them"),
        (("collect", "--all", "spring"), "give IDs, or --all, or --due: one of them"),
        (("web", "--bind", "8000x"), "write HOST:PORT, such as 0.0.0.0:8000"),
        (("feed", "world", "--format", "xml"), "'xml' is not one of 'rss', 'atom', 'json'"),
    ],
)
def test_wrong_usage_is_2(project: Project, arguments: tuple[str, ...], words: str) -> None:
    result = project.run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert words in " ".join(result.stderr.split())


def test_an_error_is_1_and_one_line(project: Project) -> None:
    result = project.run("source", "show", "sprang")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "error: unknown source 'sprang': did you mean 'spring'? (gone, idle, spring)\n"


def test_an_invalid_config_is_3_and_a_line_a_problem(project: Project) -> None:
    project.main.write_text("sit: {}\n")
    result = project.run("collect")
    assert (result.exit_code, result.stdout) == (3, "")
    assert [line.split(":")[:2] for line in result.stderr.splitlines()] == [
        ["config/feedsvc.yaml", "1"],
        ["config/sources/news.yaml", "3"],
        ["config/sources/news.yaml", "4"],
    ]


def test_a_database_that_is_not_there_is_1(project: Project) -> None:
    result = project.run("--db", "postgresql://feedsvc:hidden@127.0.0.1:1/x", "source", "list")
    assert result.exit_code == 1
    assert result.stderr.startswith("error: database: ")
    assert "hidden" not in result.output


def test_completion_knows_the_commands(bare: Project) -> None:
    for shell in ("bash", "zsh", "fish"):
        assert "_FEEDSVC_COMPLETE" in bare.ok("completion", shell)


def test_help_comes_at_once() -> None:
    command = [sys.executable, "-X", "importtime", "-m", "feedsvc", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    heavy = {"pydantic", "sqlalchemy", "requests", "flask", "rich", "feedparser", "feedgen", "apscheduler"}
    assert imported & heavy == set()
    best = min(_seconds([sys.executable, "-m", "feedsvc", "--help"]) for _ in range(3))
    assert best < 1.0  # 0.2 s on an idle machine


def _seconds(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, capture_output=True, check=True)
    return time.perf_counter() - started


def test_json_is_one_value_a_line_in_every_list(project: Project) -> None:
    project.run("collect")
    for arguments in (("source", "list"), ("article", "list"), ("doctor",), ("check",), ("db", "current")):
        result = project.run(*arguments, "--json")
        assert [type(json.loads(line)) for line in result.stdout.splitlines()], arguments
