"""Does a folder become one document, always the same one, and does nothing in it lead out or crash?"""

import hashlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from feedsvc.errors import AddressRefused, TooLarge, Unreachable
from feedsvc.fetch import Fetcher, files
from feedsvc.model import Document, NotModified, Request, Validators
from tests.fetch.conftest import MakeFetcher

AT = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)


def write(path: Path, data: str | bytes = "text") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    os.utime(path, (AT.timestamp(), AT.timestamp()))
    return path


def folder(fetcher: Fetcher, path: Path) -> Document:
    document = fetcher.get(Request(url=f"{path.as_uri()}/"))
    assert isinstance(document, Document)
    return document


def listing(fetcher: Fetcher, path: Path) -> dict[str, Any]:
    content = json.loads(folder(fetcher, path).body)
    assert list(content) == ["files", "skipped"]
    return dict(content)


def texts(fetcher: Fetcher, path: Path) -> dict[str, str]:
    content = listing(fetcher, path)
    assert content["skipped"] == []
    return {file["path"]: file["text"] for file in content["files"]}


def skipped(fetcher: Fetcher, path: Path) -> dict[str, str]:
    content = listing(fetcher, path)
    assert content["files"] == []
    return {file["path"]: file["reason"] for file in content["skipped"]}


# ---- a folder ---------------------------------------------------------------------------------------


def test_folder_is_canonical_json(fetcher: Fetcher, tmp_path: Path) -> None:
    write(tmp_path / "b.md", "# Zwei\n\n„ü“")
    write(tmp_path / "a" / "x.html", "<p>one</p>")
    document = folder(fetcher, tmp_path)
    assert (
        document.body
        == (
            '{"files":[{"modified":"2026-02-03T04:05:06+00:00","path":"a/x.html","text":"<p>one</p>"},'
            '{"modified":"2026-02-03T04:05:06+00:00","path":"b.md","text":"# Zwei\\n\\n„ü“"}],"skipped":[]}'
        ).encode()
    )
    assert (document.content_type, document.status) == ("application/vnd.feedsvc.folder+json", 200)
    assert document.url == f"{tmp_path.as_uri()}/"
    assert document.validators == Validators(body_hash=hashlib.sha256(document.body).hexdigest())


def test_unchanged_folder_is_not_modified_and_a_changed_one_is(fetcher: Fetcher, tmp_path: Path) -> None:
    path = write(tmp_path / "a.md", "one")
    request = Request(url=f"{tmp_path.as_uri()}/")
    first = fetcher.get(request)
    known = Validators(body_hash=first.validators.body_hash, fingerprint="f")
    again = fetcher.get(request, validators=known)
    assert isinstance(again, NotModified)
    assert (again.status, again.validators) == (200, known)
    write(path, "two")
    assert isinstance(fetcher.get(request, validators=known), Document)
    path.unlink()
    gone = fetcher.get(request, validators=known)
    assert isinstance(gone, Document)
    assert gone.body == b'{"files":[],"skipped":[]}'


def test_only_articles_are_read_in_the_order_of_their_paths(fetcher: Fetcher, tmp_path: Path) -> None:
    for name in (
        "z.txt", "B.MD", "a.markdown", "sub/deep/c.htm", "sub/d.html", "é.md", "sub.md",
        ".hidden.md", ".git/x.md", "_drafts/x.md", "sub/_drafts/x.md", "image.png", "README", "x.md~",
        "data.json",
    ):  # fmt: skip
        write(tmp_path / name)
    assert list(texts(fetcher, tmp_path)) == [
        "B.MD", "a.markdown", "sub.md", "sub/d.html", "sub/deep/c.htm", "z.txt", "é.md",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "data", "text"),
    [
        ("a.md", b"plain", "plain"),
        ("a.md", b"", ""),
        ("a.md", "Zürich".encode(), "Zürich"),
        ("a.md", "Zürich".encode("utf-8-sig"), "Zürich"),
        ("a.txt", b"\xff\xfe" + "Zürich".encode("utf-16-le"), "Zürich"),
        ("a.txt", b"\xfe\xff" + "Zürich".encode("utf-16-be"), "Zürich"),
        ("a.txt", b"\xff\xfe\0\0" + "Zürich".encode("utf-32-le"), "Zürich"),
        ("a.html", "<meta charset=iso-8859-1>Zürich".encode("latin-1"), "<meta charset=iso-8859-1>Zürich"),
        ("a.html", "<meta charset=latin1>„x“".encode("cp1252"), "<meta charset=latin1>„x“"),
        ("a.html", "<meta charset=koi8-r>Привет".encode("koi8-r"), "<meta charset=koi8-r>Привет"),
        ("a.html", "<meta charset=latin1>ü".encode("utf-8-sig"), "<meta charset=latin1>ü"),
        ("a.html", "Zürich".encode(), "Zürich"),
        ("a.html", "<meta charset=utf-8>\N{REPLACEMENT CHARACTER}".encode(), "<meta charset=utf-8>�"),
        ("a.html", "<meta charset=no-such>Zürich".encode(), "<meta charset=no-such>Zürich"),
        ("a.md", "<meta charset=latin1>ü".encode(), "<meta charset=latin1>ü"),
    ],
)
def test_text_is_decoded(name: str, data: bytes, text: str, fetcher: Fetcher, tmp_path: Path) -> None:
    write(tmp_path / name, data)
    assert texts(fetcher, tmp_path) == {name: text}


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.md", "Zürich".encode("latin-1"), "not UTF-8: save it as UTF-8"),
        ("a.html", "Zürich".encode("latin-1"), "not UTF-8: save it as UTF-8"),
        ("a.html", b"<meta charset=utf-8>\xfc", "not UTF-8: save it as UTF-8"),
        ("a.txt", b"\xff\xfeabc", "not UTF-16-LE: save it as UTF-8"),
        ("a.txt", b"PK\3\4\0\0\0", "not a text: it contains NUL"),
    ],
)
def test_what_is_no_text_is_told_and_left_out(
    name: str, data: bytes, reason: str, fetcher: Fetcher, tmp_path: Path
) -> None:
    write(tmp_path / name, data)
    assert skipped(fetcher, tmp_path) == {name: reason}


def test_links_out_of_the_folder_are_refused(fetcher: Fetcher, tmp_path: Path) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    write(outside / "secret.md")
    write(inside / "real.md", "in")
    (inside / "evil.md").symlink_to(outside / "secret.md")
    (inside / "relative.md").symlink_to("../outside/secret.md")
    (inside / "folder").symlink_to(outside)
    (inside / "around").symlink_to(inside)
    (inside / "broken.md").symlink_to("nowhere.md")
    (inside / "loop.md").symlink_to("loop.md")
    (inside / "good.md").symlink_to("real.md")
    (inside / ".hidden").symlink_to(outside)
    content = listing(fetcher, inside)
    assert [(file["path"], file["text"]) for file in content["files"]] == [
        ("good.md", "in"),
        ("real.md", "in"),
    ]
    assert {file["path"]: file["reason"] for file in content["skipped"]} == {
        "around": "a link to a folder, these are not followed",
        "broken.md": "no such file or directory",
        "evil.md": "a link that leads out of the folder",
        "folder": "a link to a folder, these are not followed",
        "loop.md": "a link that leads to itself",
        "relative.md": "a link that leads out of the folder",
    }


def test_folder_itself_may_be_a_link(fetcher: Fetcher, tmp_path: Path) -> None:
    write(tmp_path / "real" / "a.md")
    (tmp_path / "link").symlink_to("real")
    assert texts(fetcher, tmp_path / "link") == {"a.md": "text"}


def test_what_is_no_file_is_left_out(fetcher: Fetcher, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "dir.md").mkdir()
    assert skipped(fetcher, tmp_path) == {"pipe.md": "not a regular file"}


def test_name_that_is_not_utf8_is_told(fetcher: Fetcher, tmp_path: Path) -> None:
    try:
        write(tmp_path / os.fsdecode(b"caf\xe9.md"))
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    assert skipped(fetcher, tmp_path) == {"caf\\udce9.md": "its name is not UTF-8"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_file_and_folder_that_may_not_be_read_are_told(fetcher: Fetcher, tmp_path: Path) -> None:
    write(tmp_path / "a.md").chmod(0)
    write(tmp_path / "sub" / "b.md").parent.chmod(0)
    assert skipped(fetcher, tmp_path) == {"a.md": "permission denied", "sub": "permission denied"}
    (tmp_path / "sub").chmod(0o700)


def test_ancient_and_far_dates_do_no_harm(fetcher: Fetcher, tmp_path: Path) -> None:
    os.utime(write(tmp_path / "a.md"), (-5, -5))
    assert listing(fetcher, tmp_path)["files"][0]["modified"] == "1969-12-31T23:59:55+00:00"


def test_size_is_bounded_over_all_files(make_fetcher: MakeFetcher, tmp_path: Path) -> None:
    fetcher = make_fetcher(max_bytes=100)
    write(tmp_path / "a.md", b"a" * 60)
    write(tmp_path / "b.md", b"b" * 40)
    write(tmp_path / "c.png", b"c" * 1000)
    assert len(texts(fetcher, tmp_path)) == 2
    write(tmp_path / "d.md", b"d")
    with pytest.raises(TooLarge) as caught:
        folder(fetcher, tmp_path)
    assert str(caught.value) == (
        f"Too large: the files in {tmp_path} have more than 100 bytes together (fetch.max_bytes)."
    )


def test_number_of_files_is_bounded(
    fetcher: Fetcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_MOST_FILES", 3)
    for number in range(4):
        write(tmp_path / f"{number}.md")
    with pytest.raises(TooLarge, match=r"holds more than 3 files\.$"):
        folder(fetcher, tmp_path)


# ---- what is not there ------------------------------------------------------------------------------


def missing(fetcher: Fetcher, url: str) -> str:
    with pytest.raises(Unreachable) as caught:
        fetcher.get(Request(url=url))
    assert (caught.value.kind, caught.value.url) == ("missing", url)
    return str(caught.value)


def test_missing_folder_is_told_with_its_path(fetcher: Fetcher, tmp_path: Path) -> None:
    path = tmp_path / "not there"
    message = missing(fetcher, f"{path.as_uri()}/")
    assert message == f"Missing: {path} cannot be read (no such file or directory)."


def test_file_in_place_of_a_folder_is_told(fetcher: Fetcher, tmp_path: Path) -> None:
    path = write(tmp_path / "a.md")
    assert missing(fetcher, f"{path.as_uri()}/") == f"Missing: {path} is a file, not a folder."


def test_pipe_is_not_waited_for(fetcher: Fetcher, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    message = missing(fetcher, (tmp_path / "pipe").as_uri())
    assert message == f"Missing: {tmp_path / 'pipe'} is neither a folder nor a regular file."


@pytest.mark.parametrize("url", ["file:relative/x", "file://server/share/x", "file:///a%00b", "file:"])
def test_address_without_an_absolute_path_is_refused(url: str, fetcher: Fetcher) -> None:
    with pytest.raises(AddressRefused, match="names no absolute path on this machine"):
        fetcher.get(Request(url=url))


def test_only_a_source_itself_may_name_a_file(fetcher: Fetcher, tmp_path: Path) -> None:
    path = write(tmp_path / "a.md")
    for url in (path.as_uri(), f"{tmp_path.as_uri()}/", f" FILE://{path}"):
        with pytest.raises(AddressRefused, match="only a source itself may name one"):
            fetcher.get(Request(url=url), configured=False)


# ---- one file ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("a.xml", "application/xml"),
        ("a.RSS", "application/rss+xml"),
        ("a.atom", "application/atom+xml"),
        ("a.json", "application/json"),
        ("a b.html", "text/html"),
        ("a.md", "text/markdown"),
        ("a.bin", "application/octet-stream"),
    ],
)
def test_one_file_is_its_bytes(name: str, content_type: str, fetcher: Fetcher, tmp_path: Path) -> None:
    data = b"\xff\0any bytes"
    document = fetcher.get(Request(url=write(tmp_path / name, data).as_uri()))
    assert isinstance(document, Document)
    assert (document.body, document.content_type, document.wire_bytes) == (data, content_type, len(data))
    assert document.validators.body_hash == hashlib.sha256(data).hexdigest()


def test_one_file_is_bounded(make_fetcher: MakeFetcher, tmp_path: Path) -> None:
    fetcher = make_fetcher(max_bytes=100)
    path = write(tmp_path / "a.xml", b"x" * 100)
    assert isinstance(fetcher.get(Request(url=path.as_uri())), Document)
    write(path, b"x" * 101)
    with pytest.raises(TooLarge) as caught:
        fetcher.get(Request(url=path.as_uri()))
    assert str(caught.value) == f"Too large: {path} has more than 100 bytes (fetch.max_bytes)."


def test_folder_without_the_final_slash_is_a_folder(fetcher: Fetcher, tmp_path: Path) -> None:
    write(tmp_path / "a.md")
    document = fetcher.get(Request(url=tmp_path.as_uri()))
    assert isinstance(document, Document)
    assert document.content_type == files.FOLDER_TYPE
