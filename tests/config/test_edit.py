from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.config import remove, set_enabled
from feedsvc.config.edit import with_enabled, without
from feedsvc.config.positions import locate
from feedsvc.errors import ConfigError, NotFound
from tests.config.conftest import Write

FILE = Path("sources/x.yaml")
TEXT = """\
# Sources that we like.
sources:
  # the first
  - id: one   # a remark
    type: feed
    url: "https://example.org/1"
    title: |
      In two
      lines
    # paused in summer

  # the second
  - {id: "two", type: feed, url: 'https://example.org/2',
     categories: [a, b]}  # at the end
  -
    id: three
    enabled: true   # really
    title:
  - id: four
    categories:
    - a
    - b

# the end
"""


def lines(text: str) -> list[str]:
    return text.splitlines()


def difference(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that went, and those that came."""
    old, new = lines(before), lines(after)
    return [line for line in old if line not in new], [line for line in new if line not in old]


@pytest.mark.parametrize(
    ("name", "went", "came"),
    [
        ("one", [], ["    enabled: false"]),
        (
            "two",
            ["  - {id: \"two\", type: feed, url: 'https://example.org/2',"],
            ["  - {id: \"two\", enabled: false, type: feed, url: 'https://example.org/2',"],
        ),
        ("three", ["    enabled: true   # really"], ["    enabled: false   # really"]),
        ("four", [], ["    enabled: false"]),
    ],
)
def test_pausing_touches_one_line(name: str, went: list[str], came: list[str]) -> None:
    after = with_enabled(TEXT, FILE, {name}, enabled=False)
    assert difference(TEXT, after) == (went, came)


def test_a_new_line_comes_right_after_the_id() -> None:
    after = lines(with_enabled(TEXT, FILE, {"one"}, enabled=False))
    assert after[after.index("    enabled: false") - 1] == "  - id: one   # a remark"


def test_resuming_what_was_paused_by_hand() -> None:
    text = "sources:\n- {id: a, enabled: false}\n- id: b\n  enabled: off   # for now\n"
    after = with_enabled(text, FILE, {"a", "b"}, enabled=True)
    assert after == "sources:\n- {id: a, enabled: true}\n- id: b\n  enabled: true   # for now\n"


def test_what_is_so_already_stays_byte_for_byte() -> None:
    assert with_enabled(TEXT, FILE, {"one", "two", "three"}, enabled=True) == TEXT


def test_windows_line_ends_stay() -> None:
    text = TEXT.replace("\n", "\r\n")
    after = with_enabled(text, FILE, {"one", "three"}, enabled=False)
    assert after.replace("\r\n", "\n") == with_enabled(TEXT, FILE, {"one", "three"}, enabled=False)
    assert "\n" not in after.replace("\r\n", "")


@pytest.mark.parametrize(
    ("name", "went"),
    [
        (
            "one",
            [
                "  - id: one   # a remark",
                '    url: "https://example.org/1"',
                "    title: |",
                "      In two",
                "      lines",
                "    # paused in summer",
            ],
        ),
        ("two", lines(TEXT)[12:14]),
        ("three", ["  -", "    id: three", "    enabled: true   # really", "    title:"]),
        ("four", ["  - id: four", "    categories:", "    - a", "    - b"]),
    ],
)
def test_removing_takes_its_lines_and_no_others(name: str, went: list[str]) -> None:
    after = without(TEXT, FILE, name)
    gone, came = difference(TEXT, after)
    assert [line for line in gone if line != "    type: feed"] == went
    assert came == []
    assert lines(after)[0] == "# Sources that we like."
    assert lines(after)[-1] == "# the end"


def test_removing_from_a_list_on_one_line() -> None:
    text = "sources: [{id: a}, {id: b, }, {id: c}]  # all\n"
    assert without(text, FILE, "a") == "sources: [{id: b, }, {id: c}]  # all\n"
    assert without(text, FILE, "b") == "sources: [{id: a}, {id: c}]  # all\n"
    assert without(text, FILE, "c") == "sources: [{id: a}, {id: b, }]  # all\n"


def test_removing_the_last_one_leaves_an_empty_list() -> None:
    assert without("sources:\n  - id: a\n# end\n", FILE, "a") == "sources:\n# end\n"
    assert without("sources: [{id: a}]\n", FILE, "a") == "sources: []\n"


@pytest.mark.parametrize(
    "text",
    [
        "sources:\n- &a {id: a, title: A}\n- {<<: *a, id: b}\n",
        "x: &x false\nsources:\n- {id: a, enabled: *x}\n- {id: b, enabled: *x}\n",
    ],
)
def test_what_cannot_be_edited_safely_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="cannot be edited safely"):
        without(text, FILE, "a") if "<<" in text else with_enabled(text, FILE, {"a"}, enabled=True)


values = st.one_of(
    st.sampled_from(["x", "'it''s'", '"q # no comment"', "[a, b]", "", "|\n      block\n", "{k: v}", "true"]),
)


@st.composite
def files(draw: st.DrawFn) -> tuple[str, list[str]]:
    """Files of sources in mixed styles, with comments and blank lines wherever they may be."""
    names = draw(st.lists(st.sampled_from("abcdef"), min_size=1, unique=True))
    remark = st.sampled_from(["", "\n", "  # about\n", "# far left\n", "\n  # two\n\n"])
    text = "sources:\n"
    for name in names:
        text += draw(remark)
        enabled = draw(st.sampled_from(["", "true", "false"]))
        if draw(st.booleans()):
            extra = f", enabled: {enabled}" if enabled else ""
            text += f"  - {{id: {name}{extra}, t: [x, 'y']}}{draw(st.sampled_from(['', '   # why']))}\n"
        else:
            text += f"  - id: {name}{draw(st.sampled_from(['', '  # who']))}\n"
            text += f"    enabled: {enabled}\n" if enabled else ""
            text += f"    v: {draw(values)}".rstrip("\n") + "\n"
            text += draw(st.sampled_from(["", "    # inside\n"]))
    return text, names


@given(files(), st.booleans(), st.data())
def test_any_edit_says_what_was_meant_and_can_be_undone(
    file: tuple[str, list[str]], enabled: bool, data: st.DataObject
) -> None:
    text, names = file
    name = data.draw(st.sampled_from(names))
    after = with_enabled(text, FILE, {name}, enabled=enabled)
    comments = [line for line in lines(text) if line.lstrip().startswith("#")]
    assert [line for line in lines(after) if line.lstrip().startswith("#")] == comments
    assert with_enabled(after, FILE, {name}, enabled=enabled) == after
    smaller = locate(without(text, FILE, name), "x").data
    assert isinstance(smaller, dict)
    assert [item["id"] for item in smaller["sources"] or []] == [one for one in names if one != name]


def test_pausing_in_the_files(write: Write) -> None:
    directory = write()
    path = directory / "sources" / "news.yaml"
    path.chmod(0o640)
    before = path.read_text()
    assert set_enabled(directory, enabled=False, ids=["notes"]) == ("notes",)
    assert path.read_text() == before.replace("{id: notes,", "{id: notes, enabled: false,")
    assert path.stat().st_mode & 0o777 == 0o640
    assert list((directory / "sources").iterdir()) == [path]
    assert set_enabled(directory, enabled=False, ids=["notes"]) == ()


@pytest.mark.parametrize("name", ["news", "news.yaml", "sources/news.yaml"])
def test_all_sources_of_a_file(write: Write, name: str) -> None:
    directory = write()
    assert set_enabled(directory, enabled=False, file=name) == ("example-news", "notes")
    assert set_enabled(directory, enabled=True, file=name) == ("example-news", "notes")


def test_sources_of_several_files_at_once(write: Write) -> None:
    directory = write(a="sources: [{id: a}]\n", b="sources: [{id: b}]\n")
    assert set_enabled(directory, enabled=False, ids=["b", "a"]) == ("b", "a")
    assert (directory / "sources" / "a.yaml").read_text() == "sources: [{id: a, enabled: false}]\n"


def test_a_name_that_is_not_there_changes_nothing(write: Write) -> None:
    directory = write()
    before = (directory / "sources" / "news.yaml").read_bytes()
    with pytest.raises(NotFound, match=r"unknown source 'note': did you mean 'notes'\?"):
        set_enabled(directory, enabled=False, ids=["example-news", "note"])
    with pytest.raises(NotFound, match=r"unknown file 'new': did you mean 'news'\?"):
        set_enabled(directory, enabled=False, file="new")
    assert (directory / "sources" / "news.yaml").read_bytes() == before


def test_removing_from_the_files(write: Write) -> None:
    directory = write()
    assert remove(directory, "notes") == directory / "sources" / "news.yaml"
    assert "notes" not in (directory / "sources" / "news.yaml").read_text()


def test_a_link_stays_a_link_and_a_byte_order_mark_stays(write: Write, tmp_path: Path) -> None:
    directory = write(news="")
    real = tmp_path / "elsewhere.yaml"
    real.write_bytes(b"\xef\xbb\xbfsources: [{id: a}]\n")
    (directory / "sources" / "linked.yaml").symlink_to(real)
    assert set_enabled(directory, enabled=False, ids=["a"]) == ("a",)
    assert (directory / "sources" / "linked.yaml").is_symlink()
    assert real.read_bytes() == b"\xef\xbb\xbfsources: [{id: a, enabled: false}]\n"


def test_a_broken_file_is_not_edited(write: Write) -> None:
    directory = write(news="sources: [\n")
    with pytest.raises(ConfigError, match=r"news\.yaml:2:1: the file ends too early"):
        set_enabled(directory, enabled=False, file="news")
