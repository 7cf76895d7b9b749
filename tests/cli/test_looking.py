"""source, article, feed, export, db, doctor."""

import json
from xml.etree import ElementTree

import pytest

from feedsvc.bootstrap import open_store, utc_now
from feedsvc.store import Store
from tests.cli.conftest import Project


@pytest.fixture
def collected(project: Project) -> Project:
    project.run("collect")
    return project


@pytest.fixture
def store(project: Project) -> Store:
    return open_store("sqlite:///data/feedsvc.db")


def test_the_list_of_sources(collected: Project) -> None:
    lines = collected.ok("source", "list").splitlines()
    assert lines[0].split() == ["source", "state", "categories", "articles", "last", "poll", "next"]
    assert lines[1].split()[:4] == ["spring", "ok", "world", "2"]
    assert lines[2].split()[:5] == ["gone", "failing", "×1", "world", "0"]
    assert lines[3].split() == ["idle", "paused", "0", "never"]
    assert lines[4].startswith("gone:  The server answered 404 Not Found")
    assert not any(line.endswith(" ") for line in lines)


@pytest.mark.parametrize(
    ("option", "names"),
    [
        (("--failing",), ["gone"]),
        (("--paused",), ["idle"]),
        (("--category", "world"), ["spring", "gone"]),
        (("--category", "notes"), []),
        (("--category", "all"), ["spring", "gone", "idle"]),
    ],
)
def test_part_of_the_list(collected: Project, option: tuple[str, ...], names: list[str]) -> None:
    assert [one["id"] for one in collected.lines("source", "list", *option)] == names


def test_one_source(collected: Project) -> None:
    shown = collected.ok("source", "show", "spring")
    assert "The Spring" in shown
    assert "(every 15m)" in shown
    (known,) = collected.lines("source", "show", "spring")
    assert (known["id"], known["articles"], known["every"], known["failures"]) == ("spring", 2, "15m", 0)
    assert [poll["outcome"] for poll in known["polls"]] == ["ok"]


def test_pausing_and_resuming_edit_the_file(collected: Project) -> None:
    before = collected.news.read_text()
    assert collected.ok("source", "pause", "spring") == "paused spring\n"
    assert collected.news.read_text() == before.replace("{id: spring,", "{id: spring, enabled: false,")
    assert collected.lines("source", "list", "--paused")[0]["id"] == "spring"
    assert collected.lines("source", "resume", "spring") == [{"id": "spring", "enabled": True}]
    again = collected.run("source", "resume", "spring")
    assert (again.exit_code, again.stdout, again.stderr) == (0, "", "nothing to do: already resumed\n")


def test_removing_asks_first(collected: Project) -> None:
    refused = collected.run("source", "rm", "spring", stdin="n\n")
    assert refused.exit_code == 1
    assert "remove source spring and keep its 2 articles?" in refused.stderr
    assert "spring" in collected.news.read_text()
    assert collected.ok("source", "rm", "spring", stdin="y\n").startswith(
        "removed spring from config/sources/"
    )
    assert "spring" not in collected.news.read_text()
    assert "Snow melts" in collected.ok("feed", "all")


def test_removing_can_take_the_articles_along(collected: Project) -> None:
    assert "retracted 2 articles" in collected.ok("source", "rm", "spring", "--retract", "--yes")
    assert "Snow melts" not in collected.ok("feed", "all")


def test_run_makes_a_source_due(collected: Project, store: Store) -> None:
    result = collected.run("source", "run", "spring", "idle")
    assert result.exit_code == 0
    assert "spring" in store.due(utc_now())
    assert result.stderr.splitlines() == [
        "no scheduler is running: 'feedsvc collect spring idle' polls without one",
        "idle is paused: 'feedsvc source resume idle' switches it on",
    ]


def test_a_running_scheduler_is_seen(collected: Project, store: Store) -> None:
    store.report(name="scheduler here", kind="scheduler", revision=1, now=utc_now())
    assert collected.run("source", "run", "spring").stderr == ""
    assert "takes it up within 2 seconds" in collected.run("source", "pause", "spring").stderr


def test_while_another_process_reads_the_files_its_config_is_followed(
    collected: Project, store: Store
) -> None:
    from feedsvc.watch import LEASE, LEASE_FOR

    assert store.take_lease(LEASE, "another", now=utc_now(), lasting=LEASE_FOR)
    before = store.revision_number()
    collected.ok("source", "pause", "spring")
    assert store.revision_number() == before
    store.drop_lease(LEASE, "another")
    collected.ok("source", "list")
    assert store.revision_number() != before


def test_the_list_of_articles(collected: Project) -> None:
    lines = collected.ok("article", "list").splitlines()
    assert lines[0] == "2026-02-03 10:00  spring  Birds sing"
    assert lines[2] == "2026-02-02 10:00  spring  Snow melts"
    assert len(collected.lines("article", "list", "--limit", "1")) == 1
    assert len(collected.lines("article", "list", "--category", "world", "--source", "spring")) == 2
    assert collected.lines("article", "list", "--category", "notes") == []
    assert collected.run("article", "list", "--source", "nobody").exit_code == 1


def test_one_article(collected: Project) -> None:
    article_id = collected.lines("article", "list")[1]["entry"]["id"]
    shown = collected.ok("article", "show", article_id)
    assert "Snow melts" in shown
    assert "spring (The Spring)" in shown
    assert shown.endswith("\n\nAt last.\n")
    (known,) = collected.lines("article", "show", article_id)
    assert known["entry"]["article"]["link"] == "https://spring.example/1"
    assert known["feeds"] == ["all", "c/world"]
    missing = collected.run("article", "show", "urn:nothing")
    assert missing.exit_code == 1
    assert missing.stderr.startswith("error: ")


def test_an_article_is_hidden_and_shown_again(collected: Project) -> None:
    article_id = collected.lines("article", "list")[1]["entry"]["id"]
    assert collected.ok("article", "hide", article_id) == f"{article_id}: hidden\n"
    store = Store.open("sqlite:///data/feedsvc.db")
    assert store.dirty_feeds() == []  # published at once, where no scheduler does it
    store.close()
    assert "Snow melts" not in collected.ok("feed", "world")
    assert f'ref="{article_id}"' in collected.ok("feed", "world", "--format", "atom")
    again = collected.run("article", "hide", article_id)
    assert (again.exit_code, again.stderr) == (0, f"nothing to do: {article_id} is hidden already\n")
    assert collected.lines("article", "unhide", article_id) == [{"id": article_id, "changed": True}]
    assert "Snow melts" in collected.ok("feed", "world")
    missing = collected.run("article", "hide", article_id, "urn:nothing")
    assert (missing.exit_code, missing.stdout) == (1, "")
    assert collected.lines("article", "show", article_id)[0]["state"] == "live"


@pytest.mark.parametrize("form", ["rss", "atom", "json"])
def test_a_feed_is_what_the_store_serves(collected: Project, store: Store, form: str) -> None:
    collected.ok("feed", "world", "--format", form, "-o", "out")
    body = (collected.root / "out").read_bytes()
    rendering = store.rendering("c/world", form)  # type: ignore[arg-type]  # it is one of them
    assert rendering is not None
    assert body == rendering.bodies["identity"]
    assert collected.run("feed", "world", "--format", form).stdout_bytes == body
    assert b"Snow melts" in body


def test_a_feed_is_published_first_if_need_be(project: Project) -> None:
    assert "<title>World</title>" in project.ok("feed", "world")
    assert json.loads(project.ok("feed", "all", "--format", "json"))["title"] == "Example feeds"
    assert project.run("feed", "wrld").exit_code == 1
    assert project.run("feed", "world", "-o", "/nowhere/x").exit_code == 1


def test_the_feeds_as_opml(project: Project) -> None:
    outline = ElementTree.fromstring(project.ok("export", "opml").encode())
    addresses = [one.get("xmlUrl") for one in outline.iter("outline")]
    assert addresses == [
        "https://feeds.example.org/all.rss",
        "https://feeds.example.org/c/world.rss",
        "https://feeds.example.org/c/notes.rss",
    ]


def test_all_articles_as_json_lines(collected: Project) -> None:
    collected.ok("export", "articles", "-o", "out.jsonl")
    records = [json.loads(line) for line in (collected.root / "out.jsonl").read_text().splitlines()]
    assert {one["entry"]["article"]["title"] for one in records} == {"Snow melts", "Birds sing"}
    assert {one["source_id"] for one in records} == {"spring"}


def test_the_database(bare: Project) -> None:
    assert bare.run("db", "upgrade").stderr.startswith("already at ")
    assert bare.run("db", "current").exit_code == 0
    fresh = ("--db", "sqlite:///new/fresh.db")
    before = bare.run("db", "current", *fresh)
    assert before.exit_code == 1
    assert "run 'feedsvc db upgrade'" in before.stderr
    assert bare.run("db", "upgrade", *fresh).stderr.startswith("upgraded from nothing to ")
    assert bare.run("db", "current", *fresh).exit_code == 0


def levels(project: Project, *arguments: str) -> dict[str, list[str]]:
    """What the doctor found, by what was looked at."""
    found: dict[str, list[str]] = {}
    for line in project.run("--json", "doctor", *arguments).stdout.splitlines():
        finding = json.loads(line)
        found.setdefault(finding["what"], []).append(finding["level"])
    return found


def test_the_doctor_finds_little_to_say_of_what_is_well(collected: Project) -> None:
    result = collected.run("doctor")
    assert result.exit_code == 0
    assert "warn  process   no scheduler is running → 'feedsvc serve'" in result.stdout
    assert (
        "warn  sources   2 switched on, 1 failing → 'feedsvc source list --failing' says why" in result.stdout
    )
    assert levels(collected)["database"] == ["ok"]
    assert levels(collected)["clock"] == ["ok"]


def test_the_doctor_fails_on_an_invalid_config(collected: Project) -> None:
    collected.main.write_text("sit: {}\n")
    assert collected.run("doctor").exit_code == 1
    assert "fail" in levels(collected)["config"]


def test_the_doctor_names_what_is_wrong_with_the_database(project: Project) -> None:
    unreachable = ("--db", "postgresql://feedsvc:hidden@127.0.0.1:1/x")
    result = project.run("doctor", *unreachable)
    assert result.exit_code == 1
    assert "hidden" not in result.output
    assert levels(project, *unreachable)["database"] == ["fail"]
    assert levels(project, "--db", "sqlite:///new/fresh.db")["database"] == ["warn"]


def test_the_doctor_knows_the_processes(collected: Project, store: Store) -> None:
    number = store.revision_number()
    assert number is not None
    store.report(name="scheduler a", kind="scheduler", revision=number, now=utc_now())
    store.report(name="web b", kind="web", revision=number - 1, now=utc_now())
    store.report(name="web c", kind="web", revision=number, note="config: invalid", now=utc_now())
    assert levels(collected)["process"] == ["ok", "warn", "warn"]


def test_the_doctor_looks_up_names_only_if_asked(collected: Project) -> None:
    assert "dns" not in levels(collected)
    assert levels(collected, "--network")["dns"] == ["ok"]
