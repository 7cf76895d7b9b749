import json

import pytest

from feedsvc.config import load
from tests.cli.conftest import Project

LIST = """<opml version="2.0"><head><title>Mine</title></head><body>
<outline text="World"><outline type="rss" text="The Vale" xmlUrl="https://vale.example/rss"/></outline>
<outline text="Good food">
<outline type="rss" text="Bread: daily" xmlUrl="https://bread.example/feed"/>
<outline type="rss" text="Nowhere"/>
</outline>
<outline type="rss" text="Idle" xmlUrl="{idle}"/>
</body></opml>
"""
FILE = "# yaml-language-server: $schema=../feedsvc.schema.json\n\nsources:\n"
VALE = (
    "  - id: the-vale\n    type: feed\n    url: https://vale.example/rss\n"
    "    title: The Vale\n    categories: [world]\n"
)
BREAD = (
    '  - id: bread-daily\n    type: feed\n    url: https://bread.example/feed\n    title: "Bread: daily"\n'
)


@pytest.fixture
def mine(project: Project) -> str:
    """The name of a file with two feeds that are new, one that is there and one that is broken."""
    (idle,) = [one.location for one in load(project.root / "config").sources if one.id == "idle"]
    (project.root / "mine.opml").write_text(LIST.format(idle=idle))
    return "mine.opml"


def test_a_dry_run_shows_what_would_become_of_each(project: Project, mine: str) -> None:
    result = project.run("import", "opml", mine, "--dry-run")
    assert result.exit_code == 4
    lines = result.stdout.splitlines()
    assert "+++ config/sources/imported.yaml" in lines
    assert "+  - id: the-vale" in lines
    table = [" ".join(line.split()) for line in lines if line[:4].strip().isdigit()]
    assert table == [
        "2 + new The Vale the-vale world https://vale.example/rss",
        "4 + new Bread: daily bread-daily https://bread.example/feed",
        "5 ! broken Nowhere a feed without an address: xmlUrl is missing",
        "7 = there Idle idle it is configured already",
    ]
    assert result.stderr.splitlines() == [
        "the folder 'Good food' is no category: --create-categories makes it one",
        "2 new, 1 there already, 1 broken",
        "nothing was written",
    ]
    assert [path.name for path in project.news.parent.iterdir()] == ["news.yaml"]


def test_it_is_written_when_one_says_yes(project: Project, mine: str) -> None:
    assert project.run("import", "opml", mine, stdin="n\n").exit_code == 1
    assert [path.name for path in project.news.parent.iterdir()] == ["news.yaml"]
    result = project.run("import", "opml", mine, stdin="y\n")
    assert result.exit_code == 4
    assert "add 2 sources to config/sources/imported.yaml?" in result.stderr
    path = project.root / "config" / "sources" / "imported.yaml"
    assert path.read_text() == FILE + VALE + BREAD
    again = project.run("import", "opml", mine, "--yes")
    assert "0 new, 3 there already, 1 broken" in again.stderr
    assert path.read_text() == FILE + VALE + BREAD


def test_folders_become_categories_and_comments_stay(project: Project, mine: str) -> None:
    project.main.write_text("# All of it.\n" + project.main.read_text() + "  # the last\n")
    before = project.main.read_text()
    result = project.run("import", "opml", mine, "--yes", "--create-categories", "--file", "news")
    assert result.exit_code == 4
    assert "2 new, 1 there already, 1 broken; new categories: good-food" in result.stderr
    text = project.main.read_text()
    assert text.startswith(before.removesuffix("  # the last\n"))
    assert "  - id: good-food\n    title: Good food\n" in text
    assert "# the last" in text
    assert project.news.read_text().startswith("# What we read.\n")
    assert load(project.root / "config").source("bread-daily").categories == ("good-food",)


def test_one_category_for_all_from_standard_input(project: Project, mine: str) -> None:
    text = (project.root / mine).read_text()
    result = project.run("import", "opml", "-", "--yes", "--category", "notes", stdin=text)
    assert result.exit_code == 4
    config = load(project.root / "config")
    assert {config.source(one).categories for one in ("the-vale", "bread-daily")} == {("notes",)}
    assert "no category" not in result.stderr


def test_as_json(project: Project, mine: str) -> None:
    result = project.run("--json", "import", "opml", mine, "--dry-run")
    *fates, file = map(json.loads, result.stdout.splitlines())
    assert [(one["line"], one["what"], one["source"]) for one in fates] == [
        (2, "new", "the-vale"),
        (4, "new", "bread-daily"),
        (5, "broken", None),
        (7, "there", "idle"),
    ]
    assert (file["file"], file["line"]) == ("config/sources/imported.yaml", 4)


def test_what_we_export_we_import(project: Project) -> None:
    spring = load(project.root / "config").source("spring").location
    exported = project.ok("export", "opml", "--sources")
    project.news.write_text("sources: []\n")
    project.ok("import", "opml", "-", "--yes", stdin=exported)
    source = load(project.root / "config").source("spring")
    assert (source.location, source.categories) == (spring, ("world",))
    assert {one.id for one in load(project.root / "config").sources} == {"spring", "gone", "idle"}


def test_the_published_feeds_of_another_service_can_be_imported(project: Project) -> None:
    exported = project.ok("export", "opml", "--category", "world")
    assert "all.rss" not in exported
    assert "1 there already" in project.run("import", "opml", "-", "--dry-run", stdin=exported).stderr
    project.main.write_text(project.main.read_text().replace("feeds.example.org", "other.example.org"))
    project.ok("import", "opml", "-", "--yes", stdin=exported)
    assert load(project.root / "config").source("world").location == "https://feeds.example.org/c/world.rss"


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        ("<html><title>Log in</title></html>", (), "an HTML page (title 'Log in') came instead of OPML"),
        ("<opml/>", ("--category", "wrld"), "unknown category 'wrld': did you mean 'world'?"),
        (LIST, ("--file", "../x"), "'../x' is no name for a file of sources"),
    ],
)
def test_what_cannot_be(project: Project, text: str, options: tuple[str, ...], words: str) -> None:
    result = project.run("import", "opml", "-", "--yes", *options, stdin=text)
    assert result.exit_code == 1
    assert words in result.stderr
    assert [path.name for path in project.news.parent.iterdir()] == ["news.yaml"]


def test_an_empty_list_changes_nothing(project: Project) -> None:
    result = project.run("import", "opml", "-", "--yes", stdin="<opml><body/></opml>")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "no feeds in it" in result.stderr
