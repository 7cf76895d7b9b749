"""Are tokens shown once, listed without what opens, and taken back?"""

import hashlib
import re
import sqlite3

import pytest

from tests.cli.conftest import Project


@pytest.fixture
def project(project: Project) -> Project:
    text = project.main.read_text().replace("title: Notes}", "title: Notes, access: token}")
    project.main.write_text(f"{text}feeds:\n  - {{id: digest, title: Digest, access: token}}\n")
    return project


def test_a_token_is_shown_once_and_kept_as_its_hash(project: Project) -> None:
    result = project.run("token", "create", "ann", "--feed", "notes")
    secret = result.stdout.strip()
    assert re.fullmatch(r"fst_[A-Za-z0-9_-]{32}", secret)
    assert f"https://feeds.example.org/t/{secret}/c/notes.rss" in result.stderr
    kept = "\n".join(sqlite3.connect("data/feedsvc.db").iterdump())
    assert secret not in kept
    assert hashlib.sha256(secret.encode()).hexdigest() in kept
    assert project.lines("token", "list")[0]["feeds"] == ["c/notes"]
    listed = project.ok("token", "list")
    assert f"{secret[:8]}…" in listed
    assert secret not in listed


def test_a_token_may_open_all_and_is_taken_back(project: Project) -> None:
    result = project.run("token", "create", "ann")
    assert "/c/notes.rss" in result.stderr
    assert "/v/digest.rss" in result.stderr
    assert project.ok("token", "revoke", "ann") == "ann: revoked\n"
    assert project.lines("token", "list") == []
    assert project.run("token", "revoke", "ann").exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ann", "--feed", "world"), "'world' is public, it needs no token"),
        (("ann", "--feed", "nothing"), "no feed 'nothing': private are c/notes, v/digest"),
        (("bob",), "there is a token 'bob' already"),
    ],
)
def test_what_cannot_be_is_told(project: Project, arguments: tuple[str, ...], said: str) -> None:
    project.run("token", "create", "bob")
    result = project.run("token", "create", *arguments)
    assert result.exit_code == 1
    assert said in result.stderr
