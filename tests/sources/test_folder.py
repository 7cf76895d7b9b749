"""What do the files of a directory say: Markdown, HTML and plain text as articles?"""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from feedsvc.errors import ParseError
from feedsvc.model import Author, Document, Parsed, ParsedItem
from feedsvc.sources.folder import FolderSource, parse, start

SOURCE = FolderSource(id="notes", type="folder", path="/srv/my notes")


def listing(files: dict[str, str], skipped: list[dict[str, str]] | None = None) -> bytes:
    found = [
        {"path": path, "modified": "2026-11-20T08:00:00+00:00", "text": text} for path, text in files.items()
    ]
    return json.dumps({"files": found, "skipped": skipped or []}).encode()


def read(files: dict[str, str], skipped: list[dict[str, str]] | None = None) -> Parsed:
    return parse(SOURCE, Document(url=SOURCE.location, body=listing(files, skipped)))


def only(text: str, path: str = "a.md") -> ParsedItem:
    found = read({path: text})
    assert found.rejected == ()
    (item,) = found.items
    return item


def test_the_location_is_a_file_address() -> None:
    assert SOURCE.location == start(SOURCE).url == "file:///srv/my%20notes/"
    assert FolderSource(id="x", type="folder", path="/").location == "file:///"


def test_a_folder_without_a_path_is_refused() -> None:
    with pytest.raises(ValidationError):
        FolderSource(id="x", type="folder", path="")


def test_an_empty_folder_retracts_nothing_and_says_how_to() -> None:
    with pytest.raises(
        ParseError, match=r"/srv/my notes holds no article.*feedsvc source rm notes --retract"
    ):
        read({})
    with pytest.raises(ParseError, match=r"holds no article.*\(a\.md: permission denied\)"):
        read({}, [{"path": "a.md", "reason": "permission denied"}])


def test_all_is_there_only_if_every_file_could_be_read() -> None:
    assert read({"a.md": "x"}).complete
    assert not read({"a.md": "x"}, [{"path": "b.md", "reason": "not UTF-8"}]).complete
    assert not read({"a.md": "x", "b.md": " "}).complete
    assert read({"a.md": "---\ndraft: true\n---\nx"}).complete


@pytest.mark.parametrize(
    "body",
    [
        {"files": {}, "skipped": []},
        {"files": []},
        {"files": ["x"], "skipped": []},
        {"files": [{"path": "a.md", "text": "x"}], "skipped": []},
        {"files": [{"path": "a.md", "text": "x", "modified": "yesterday"}], "skipped": []},
        {"files": [{"path": "a.md", "text": "x", "modified": 5}], "skipped": []},
    ],
)
def test_other_listings_are_refused(body: dict[str, Any]) -> None:
    with pytest.raises(ParseError, match="listing of"):
        parse(SOURCE, Document(url=SOURCE.location, body=json.dumps(body).encode()))


def test_the_id_is_the_path_unless_the_file_names_one() -> None:
    assert only("x", "sub/b.md").guid == "sub/b.md"
    assert only("---\nid: tag:x,2026:1\n---\nx").guid == "tag:x,2026:1"


@pytest.mark.parametrize(
    ("text", "title", "content"),
    [
        ("# Title\n\nText", "Title", "<p>Text</p>"),
        ("## Title\n\nText", "Title", "<p>Text</p>"),
        ("Intro\n\n# Title\n\nText", "Title", "<p>Intro</p>\n<p>Text</p>"),
        ("Intro\n\n## Part\n\nText", "A", "<p>Intro</p>\n<h2>Part</h2>\n<p>Text</p>"),
        ("> # Quoted\n", "A", "<blockquote>\n<h1>Quoted</h1>\n</blockquote>"),
        ("---\ntitle: Other\n---\n# Title\n\nText", "Other", "<h1>Title</h1>\n<p>Text</p>"),
        ("---\ntitle: Title\n---\n# Title\n\nText", "Title", "<p>Text</p>"),
        ("# Title", "Title", None),
    ],
)
def test_titles_of_markdown(text: str, title: str, content: str | None) -> None:
    found = only(text)
    assert (found.title, found.content) == (title, content)


@pytest.mark.parametrize(
    ("path", "title", "day"),
    [
        ("2026-11-24-a-fine-day.md", "A fine day", 24),
        ("x/2026-11-24_note.md", "Note", 24),
        ("2026-13-99-odd.md", "2026 13 99 odd", 20),
        ("README.md", "README", 20),
    ],
)
def test_titles_and_dates_of_names(path: str, title: str, day: int) -> None:
    found = only("text", path)
    assert found.title == title
    assert found.published is not None
    assert found.published.day == day


def test_a_date_of_the_file_comes_before_that_of_its_name() -> None:
    found = only("---\ndate: 2026-01-02\n---\nx", "2026-11-24-x.md")
    assert str(found.published) == "2026-01-02 00:00:00"


@pytest.mark.parametrize(
    ("field", "authors"),
    [
        ("author: Jane Doe", [Author(name="Jane Doe")]),
        ("author: Jane Doe <jane@example.org>", [Author(name="Jane Doe", email="jane@example.org")]),
        ("authors: [Ann, Bob, Ann]", [Author(name="Ann"), Author(name="Bob")]),
        ("author: {name: Ann, url: 'https://ann.example'}", [Author(name="Ann", url="https://ann.example")]),
        ("author:", []),
    ],
)
def test_authors(field: str, authors: list[Author]) -> None:
    assert list(only(f"---\n{field}\n---\nx").authors) == authors


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("---\na: 1\ndate: never\n---\nx", 3, "'never' is no date; write it like 2026-11-24"),
        ("---\na: 1\n\nupdated: [x]\n---\nx", 4, "'updated' must be text"),
        ("---\nauthor: [[x]]\n---\nx", 2, "'author' must be a name"),
        ("---\ntags:\n  a: b\n---\nx", 2, "'tags' must be a list of texts"),
        ("---\ntitle: 'open\n---\nx", 3, "not YAML"),
        ("---\ntitle: x\n\nx", 1, "is not closed"),
        (" \n", 1, "the file is empty"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(text: str, line: int, said: str) -> None:
    found = read({"sub/a.md": text, "b.md": "fine"})
    assert [one.guid for one in found.items] == ["b.md"]
    (message,) = found.rejected
    assert message.startswith(f"sub/a.md:{line}: ")
    assert said in message


def test_files_of_other_kinds_are_told() -> None:
    assert read({"a.rst": "x", "b.md": "y"}).rejected == (
        "a.rst:1: .rst is not read; name it .md, .html or .txt",
    )


def test_relative_links_are_read_on_the_page_of_the_article() -> None:
    assert only("---\nlink: https://x.example/a/\n---\nx").base_url == "https://x.example/a/"
    assert only("x").base_url is None


@pytest.mark.parametrize(
    ("markup", "title", "content"),
    [
        ("<title>T</title><p>x", "T", "<p>x</p>"),
        ("<h1>T &amp; u</h1><p>x", "T & u", "<p>x</p>"),
        ("<html><head><title>T</title></head><body><h1>Other</h1>x</body></html>", "T", "<h1>Other</h1>x"),
        ("<body><nav>n</nav><article><p>x</p></article></body>", "A", "<p>x</p>"),
        ("<article>x</article><article>y</article>", "A", "<article>x</article><article>y</article>"),
        ("a &lt; b", "A", "a &lt; b"),
        ('<?xml version="1.0" encoding="latin-1"?><html><body>é</body></html>', "A", "é"),
    ],
)
def test_html(markup: str, title: str, content: str | None) -> None:
    found = only(markup, "a.html")
    assert (found.title, found.content) == (title, content)


def test_text() -> None:
    found = only("\nFirst line\n\nMore <text>\n", "a.txt")
    assert (found.title, found.content, found.content_type) == ("First line", "More <text>", "text")
