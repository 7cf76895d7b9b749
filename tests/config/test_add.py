from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.config import load
from feedsvc.config.add import HEAD, addition, additions, place, with_items, with_source
from feedsvc.config.compose import block, flow
from feedsvc.config.positions import locate
from feedsvc.errors import ConfigError, NotFound
from tests.config.conftest import Write
from tests.config.test_edit import files, lines

FILE = Path("sources/x.yaml")
ITEM = {"id": "new", "type": "feed", "url": "https://new.example/rss"}
BLOCK = "  - id: new\n    type: feed\n    url: https://new.example/rss\n"


def read(text: str) -> Any:
    located = locate(text, "x")
    assert not located.problems
    return located.data


# ---- how it is written ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("The Spring", "The Spring"),
        ("Tom, Dick & Harry's", "Tom, Dick & Harry's"),
        ("Zürich – 東京", "Zürich – 東京"),
        ("https://a.example/?q=1&b=%20#top", "https://a.example/?q=1&b=%20#top"),
        ("News: world", '"News: world"'),
        ("a #1", '"a #1"'),
        ("true", '"true"'),
        ("yes", '"yes"'),
        ("12", '"12"'),
        ("1e3", '"1e3"'),
        ("2026-01-01", "2026-01-01"),
        ("", '""'),
        (" a", '" a"'),
        ("a\nb", '"a\\nb"'),
        ("- a", '"- a"'),
        ("${env:KEY}", '"${env:KEY}"'),
        ('say "hi"', 'say "hi"'),
        ("\u2028\x85\U0001f600", '"\\u2028\\u0085😀"'),
        ("\U000e0001", '"\\U000e0001"'),
        (["a", "b c"], '[a, "b c"]'),
        ({"title": "h2 ::text", "k": {"a": 1}}, '{title: "h2 ::text", k: {a: 1}}'),
        (True, "true"),
        (None, "null"),
        (7, "7"),
    ],
)
def test_a_value(value: object, written: str) -> None:
    text = block({"x": value}, indent="")
    assert text == f"- x: {written}\n"
    assert read(text) == [{"x": value}]


def test_a_mapping_that_is_too_long_for_a_line_is_written_below_its_key() -> None:
    item = {"id": "a", "fields": {"title": "x" * 60, "link": "y: " * 20}}
    assert block(item) == f'  - id: a\n    fields:\n      title: {"x" * 60}\n      link: "{"y: " * 20}"\n'
    assert read(block(item)) == [item]


values = st.recursive(
    st.text(max_size=20) | st.booleans() | st.none() | st.integers(-(10**9), 10**9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1, max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(deadline=None, max_examples=40)
@given(st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), values, min_size=1, max_size=4))
def test_whatever_is_written_reads_back_as_the_same(item: dict[str, object]) -> None:
    assert read(block(item)) == [item]
    assert read(flow(item)) == item


# ---- where it goes ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", f"sources:\n{BLOCK}"),
        ("# mine\n", f"# mine\n\nsources:\n{BLOCK}"),
        ("sources:", f"sources:\n{BLOCK}"),
        ("sources:\n", f"sources:\n{BLOCK}"),
        ("sources:  # of mine\n", f"sources:  # of mine\n{BLOCK}"),
        ("sources: ~\n", f"sources:\n{BLOCK}"),
        ("sources: []  # none\n# end\n", f"sources:  # none\n{BLOCK}# end\n"),
        ("sources:\n  # nothing yet\n", f"sources:\n{BLOCK}  # nothing yet\n"),
        ("sources:\n  - {id: a}", f"sources:\n  - {{id: a}}\n{BLOCK}"),
        (
            "sources:\n  - id: a\n    # inside\n\n# end\n",
            f"sources:\n  - id: a\n    # inside\n{BLOCK}\n# end\n",
        ),
        ("sources:\n  - id: a\n    t: |\n      x\n", f"sources:\n  - id: a\n    t: |\n      x\n{BLOCK}"),
        ("sources:\n- id: a\n", "sources:\n- id: a\n" + BLOCK.replace("\n  ", "\n")[2:]),
        ("sources:\n  - id: a\nsite: {}\n", f"sources:\n  - id: a\n{BLOCK}site: {{}}\n"),
        (
            "sources: [{id: a}]  # one\n",
            'sources: [{id: a}, {id: new, type: feed, url: "https://new.example/rss"}]  # one\n',
        ),
        (
            "sources: [\n  {id: a},\n]\n",
            'sources: [\n  {id: a}, {id: new, type: feed, url: "https://new.example/rss"}\n]\n',
        ),
    ],
)
def test_it_goes_to_the_end_of_the_list(before: str, after: str) -> None:
    assert with_source(before, FILE, ITEM) == after


def test_windows_line_ends_stay() -> None:
    after = with_source("# a\r\nsources:\r\n  - id: a\r\n", FILE, ITEM)
    assert after == "# a\r\nsources:\r\n  - id: a\r\n" + BLOCK.replace("\n", "\r\n")


@settings(deadline=None, max_examples=40)
@given(files())
def test_everything_else_stays(file: tuple[str, list[str]]) -> None:
    text, names = file
    after = with_source(text, FILE, ITEM)
    assert [item["id"] for item in read(after)["sources"]] == [*names, "new"]
    assert [line for line in lines(after) if line not in lines(BLOCK)] == lines(text)


@pytest.mark.parametrize("text", ["sources: [\n", "a: &x {b: 1}\nsources: *x\n", "- a\n"])
def test_what_cannot_be_edited_is_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        with_source(text, FILE, ITEM)


# ---- in a directory ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["news", "news.yaml", "sources/news.yaml"])
def test_into_a_file_that_is_there(write: Write, name: str) -> None:
    directory = write()
    path = directory / "sources" / "news.yaml"
    path.chmod(0o640)
    new = addition(directory, {**ITEM, "categories": ["world"]}, file=name)
    assert (new.path, new.line) == (path, 4)
    assert path.read_text() == new.before
    new.write()
    assert path.read_text() == new.after
    assert path.stat().st_mode & 0o777 == 0o640
    assert load(directory).source("new").categories == ("world",)
    assert place(directory, "new") == (path, 4)
    assert place(directory, "notes") == (path, 3)


def test_into_a_file_that_is_new(write: Write) -> None:
    directory = write()
    new = addition(directory, ITEM, file="extra")
    assert new.path == directory / "sources" / "extra.yaml"
    assert new.diff().splitlines()[:3] == ["--- /dev/null", f"+++ {new.path}", "@@ -0,0 +1,6 @@"]
    new.write()
    assert new.path.read_text() == HEAD + BLOCK
    assert new.line == 4
    with pytest.raises(ConfigError, match="is there by now, nothing was written"):
        new.write()


def test_into_the_main_file(write: Write) -> None:
    directory = write()
    new = addition(directory, ITEM, file="feedsvc.yaml")
    new.write()
    assert load(directory).source("new").location == ITEM["url"]


def test_the_difference(write: Write) -> None:
    directory = write(news="sources:\n  - {id: notes, type: folder, path: ../n}")
    path = directory / "sources" / "news.yaml"
    assert addition(directory, ITEM, file="news").diff() == (
        f"--- {path}\n+++ {path}\n@@ -1,2 +1,5 @@\n sources:\n"
        "-  - {id: notes, type: folder, path: ../n}\n\\ No newline at end of file\n"
        "+  - {id: notes, type: folder, path: ../n}\n"
        "+  - id: new\n+    type: feed\n+    url: https://new.example/rss\n"
    )


def test_a_config_that_would_be_wrong_is_not_written(write: Write) -> None:
    directory = write()
    before = (directory / "sources" / "news.yaml").read_text()
    with pytest.raises(
        ConfigError, match=r"news\.yaml:7:\d+: .*unknown category 'wrld': did you mean 'world'"
    ):
        addition(directory, {**ITEM, "categories": ["wrld"]}, file="news")
    with pytest.raises(ConfigError, match=r"already taken at .*news\.yaml:2:"):
        addition(directory, {**ITEM, "id": "example-news"}, file="other")
    with pytest.raises(NotFound, match="is no name for a file of sources"):
        addition(directory, ITEM, file="../evil")
    assert (directory / "sources" / "news.yaml").read_text() == before
    assert [path.name for path in (directory / "sources").iterdir()] == ["news.yaml"]


def test_a_file_that_changed_meanwhile_is_not_overwritten(write: Write) -> None:
    directory = write()
    new = addition(directory, ITEM, file="news")
    (directory / "sources" / "news.yaml").write_text("sources: []\n")
    with pytest.raises(ConfigError, match="changed meanwhile, nothing was written"):
        new.write()


def test_an_unknown_source_has_no_place(write: Write) -> None:
    with pytest.raises(NotFound, match=r"unknown source 'note': did you mean 'notes'\?"):
        place(write(), "note")


# ---- several at once --------------------------------------------------------------------------------

SECOND = {"id": "second", "type": "feed", "url": "https://second.example/rss", "categories": ["food"]}
FOOD = {"id": "food", "title": "Food"}


def test_several_sources_and_their_categories(write: Write) -> None:
    directory = write("categories:\n  - {id: world, title: World}  # the first\n# the end\n", other="")
    main, new = additions(directory, [ITEM, SECOND], file="news", categories=[FOOD])
    assert main.path == directory / "feedsvc.yaml"
    assert main.after == (
        "categories:\n  - {id: world, title: World}  # the first\n  - id: food\n    title: Food\n# the end\n"
    )
    assert (main.line, new.line) == (3, 4)
    assert new.after.startswith(HEAD + BLOCK + "  - id: second\n")
    main.write()
    assert load(directory).category("food").title == "Food"
    new.write()
    assert [one.id for one in load(directory).sources] == ["new", "second"]


def test_nothing_to_add(write: Write) -> None:
    assert additions(write("site: {}\n", other=""), [], file="news") == []


def test_what_would_not_be_valid_together_is_refused(write: Write) -> None:
    with pytest.raises(ConfigError, match="unknown category 'food'"):
        additions(write("site: {}\n", other=""), [SECOND], file="news")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("site: {}\n", "site: {}\n\ncategories:\n  - id: food\n    title: Food\n"),
        ("categories: []\nsources: []\n", "categories:\n  - id: food\n    title: Food\nsources: []\n"),
        ("categories: [{id: a, title: A}]\n", "categories: [{id: a, title: A}, {id: food, title: Food}]\n"),
    ],
)
def test_a_category_goes_where_the_others_are(before: str, after: str) -> None:
    assert with_items(before, FILE, [FOOD], key="categories") == after
