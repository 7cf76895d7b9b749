"""What becomes of a directory that a site is brought to, whatever is in it and whatever happens meanwhile?"""

import fcntl
import json
import os
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feedsvc.errors import FeedsvcError
from feedsvc.export import manifest
from feedsvc.export.parts import File, Part, worth_it
from feedsvc.export.tree import Brought, bring

NOW = datetime(2026, 3, 1, 12, 0, 0, 500_000, tzinfo=UTC)
SECOND = int(NOW.timestamp())


def part(name: str, key: str, *files: File) -> Part:
    return Part(name=name, key=key, make=lambda: files)


def one(path: str, text: str, **fields: object) -> Part:
    return part(path, text, File(path=path, body=text.encode(), **fields))  # type: ignore[arg-type]


def put(directory: Path, *parts: Part, now: datetime = NOW, overwrite: bool = False) -> Brought:
    return bring(directory, parts, now=now, overwrite=overwrite)


def listing(directory: Path) -> dict[str, str]:
    found = (path for path in directory.rglob("*") if path.is_file() and manifest.HOME not in path.parts)
    return {str(path.relative_to(directory)): path.read_text() for path in found}


def seconds(directory: Path, paths: Iterable[str]) -> list[float]:
    return [(directory / path).stat().st_mtime for path in paths]


def test_files_and_their_compressed_forms_have_the_time_that_is_said(directory: Path) -> None:
    said = datetime(2026, 2, 1, tzinfo=UTC)
    packed = {".gz": b"gz", ".br": b"b"}
    done = put(directory, one("c/world.rss", "feed", packed=packed, modified=said), one("index.html", "page"))
    assert done == Brought(
        written=("c/world.rss", "c/world.rss.gz", "c/world.rss.br", "index.html"),
        removed=(),
        kept=0,
        foreign=(),
    )
    assert listing(directory) == {
        "c/world.rss": "feed",
        "c/world.rss.gz": "gz",
        "c/world.rss.br": "b",
        "index.html": "page",
    }
    assert seconds(directory, done.written) == [said.timestamp()] * 3 + [SECOND]
    mask = os.umask(0)
    os.umask(mask)
    assert (directory / "index.html").stat().st_mode & 0o777 == 0o666 & ~mask


def test_what_has_not_changed_is_not_even_made(directory: Path) -> None:
    put(directory, one("a", "x"), one("b", "y"))
    before = looks(directory / "a")

    def never() -> list[File]:
        raise AssertionError("made")

    done = put(directory, Part(name="a", key="x", make=never), one("b", "z"))
    assert (done.written, done.kept) == (("b",), 1)
    assert looks(directory / "a") == before
    noted = looks(directory / manifest.HOME / "manifest.json")
    assert put(directory, Part(name="a", key="x", make=never), one("b", "z")).written == ()
    assert looks(directory / manifest.HOME / "manifest.json") == noted


def test_another_key_with_the_same_bytes_touches_nothing(directory: Path) -> None:
    put(directory, part("p", "1", File(path="a", body=b"same"), File(path="b", body=b"old")))
    before = looks(directory / "a")
    done = put(directory, part("p", "2", File(path="a", body=b"same"), File(path="b", body=b"new")))
    assert (done.written, done.kept) == (("b",), 1)
    assert looks(directory / "a") == before


def test_a_version_is_always_younger_than_the_one_before_in_whole_seconds(directory: Path) -> None:
    times = []
    for text in ("one", "two", "six"):
        put(directory, one("a", text, packed={".gz": text[:2].encode()}))
        times += seconds(directory, ("a", "a.gz"))
    assert times == [SECOND, SECOND, SECOND + 1, SECOND + 1, SECOND + 2, SECOND + 2]
    earlier = datetime(2020, 1, 1, tzinfo=UTC)
    put(directory, one("a", "ten", modified=earlier))
    assert seconds(directory, ("a",)) == [SECOND + 3]


def test_a_compressed_form_alone_that_was_lost_comes_back(directory: Path) -> None:
    feed = one("a", "text", packed={".gz": b"gz"})
    put(directory, feed)
    (directory / "a.gz").unlink()
    assert put(directory, feed).written == ("a", "a.gz")
    assert listing(directory) == {"a": "text", "a.gz": "gz"}


@pytest.mark.parametrize("text", ["spoilt", "tex", "tixt"])
def test_what_somebody_changed_is_put_right(directory: Path, text: str) -> None:
    put(directory, one("a", "text"))
    (directory / "a").write_text(text)
    assert put(directory, one("a", "text")).written == ("a",)
    assert listing(directory) == {"a": "text"}


def test_what_is_no_longer_of_the_site_goes_and_its_empty_directories_too(directory: Path) -> None:
    put(
        directory,
        one("c/old/index.html", "x", packed={".gz": b"z"}),
        one("c/new.rss", "y"),
        one("d/e/f", "z"),
    )
    (directory / "d" / "mine").write_text("mine")
    done = put(directory, one("c/new.rss", "y"))
    assert done.removed == ("c/old/index.html", "c/old/index.html.gz", "d/e/f")
    assert listing(directory) == {"c/new.rss": "y", "d/mine": "mine"}
    assert not (directory / "c" / "old").exists()
    assert not (directory / "d" / "e").exists()


def test_a_compressed_form_that_is_not_worth_it_any_more_goes(directory: Path) -> None:
    put(directory, one("a", "long", packed={".gz": b"z"}))
    assert put(directory, one("a", "l")).removed == ("a.gz",)
    assert listing(directory) == {"a": "l"}


def looks(path: Path) -> tuple[int, int, int]:
    """Changes with every write, and with every new file of the name."""
    seen = path.stat()
    return seen.st_ino, seen.st_size, seen.st_mtime_ns


# ---- what others keep there -------------------------------------------------------------------------


def test_foreign_files_stay_and_are_told(directory: Path) -> None:
    directory.mkdir()
    (directory / "robots.txt").write_text("mine")
    (directory / "notes").mkdir()
    (directory / "notes" / "x").write_text("mine too")
    for _ in range(2):
        done = put(directory, one("robots.txt", "theirs", packed={".gz": b"t"}), one("a", "x"))
        assert done.foreign == ("robots.txt",)
        assert listing(directory) == {"robots.txt": "mine", "notes/x": "mine too", "a": "x"}
    assert put(directory).removed == ("a",)
    assert listing(directory) == {"robots.txt": "mine", "notes/x": "mine too"}


def test_overwrite_makes_them_ours(directory: Path) -> None:
    directory.mkdir()
    (directory / "robots.txt").write_text("mine")
    done = put(directory, one("robots.txt", "theirs"), overwrite=True)
    assert (done.written, done.foreign) == (("robots.txt",), ())
    assert listing(directory) == {"robots.txt": "theirs"}
    assert put(directory).removed == ("robots.txt",)


def test_a_link_and_a_directory_are_foreign_too(directory: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("text")
    directory.mkdir()
    (directory / "a").symlink_to(outside)
    (directory / "b").mkdir()
    assert put(directory, one("a", "text"), one("b", "x")).foreign == ("a", "b")
    assert put(directory, one("a", "theirs"), overwrite=True).written == ("a",)
    assert (outside.read_text(), (directory / "a").is_symlink()) == ("text", False)


def test_without_its_notes_an_export_takes_up_what_is_as_it_should_be(directory: Path) -> None:
    put(directory, one("a", "x"), one("b", "y"))
    (directory / manifest.HOME / "manifest.json").unlink()
    done = put(directory, one("a", "x"), one("b", "z"))
    assert (done.kept, done.foreign) == (1, ("b",))


# ---- what can go wrong ------------------------------------------------------------------------------


def test_after_a_kill_at_any_moment_the_next_export_is_right(directory: Path, tmp_path: Path) -> None:
    """A kill is an exception that nobody handles: in the middle of the renames, and while parts are made."""
    old = [one("a", "1"), one("gone", "1"), one("c/d", "1")]
    new = [one("a", "2", packed={".gz": b""}), one("new", "2"), one("c/e", "2")]
    newest = [one("a", "3"), one("new", "3"), one("c/e", "3")]
    replaced = Path.replace
    for step in range(8):
        here = tmp_path / str(step)
        put(here, *old)
        left = step

        def dies(path: Path, target: Path) -> Path:
            nonlocal left
            left -= 1
            if left < 0:
                raise KeyboardInterrupt
            return replaced(path, target)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Path, "replace", dies)
            with suppress(KeyboardInterrupt):
                put(here, *new)
        done = put(here, *newest)
        assert done.foreign == ()
        assert listing(here) == {"a": "3", "new": "3", "c/e": "3"}
        assert sorted(path.name for path in (here / manifest.HOME).iterdir()) == ["manifest.json"]


def test_a_part_that_cannot_be_made_leaves_all_as_it_was(directory: Path) -> None:
    put(directory, one("a", "x"))

    def fails() -> list[File]:
        raise FeedsvcError("no")

    with pytest.raises(FeedsvcError, match="no"):
        put(directory, one("a", "y"), Part(name="b", key="", make=fails))
    assert listing(directory) == {"a": "x"}


def test_two_exports_at_once(directory: Path) -> None:
    put(directory, one("a", "x"))
    handle = os.open(directory / manifest.HOME, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        with pytest.raises(FeedsvcError, match=r"^another export is writing to .* just now$"):
            put(directory, one("a", "y"))
    finally:
        os.close(handle)
    assert listing(directory) == {"a": "x"}


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(FeedsvcError, match=r"cannot be written: Not a directory$"):
        put(tmp_path / "file", one("a", "x"))
    (tmp_path / "www").mkdir()
    (tmp_path / "www" / "c").write_text("in the way")
    with pytest.raises(FeedsvcError, match=r"/c cannot be written: "):
        put(tmp_path / "www", one("c/d", "x"))


@pytest.mark.parametrize("path", ["../outside", "/etc/outside", "a/../../outside", ""])
def test_notes_that_name_files_elsewhere_are_refused(directory: Path, tmp_path: Path, path: str) -> None:
    (tmp_path / "outside").write_text("x")
    put(directory, one("a", "x"))
    notes = directory / manifest.HOME / "manifest.json"
    notes.write_text(json.dumps({"version": 1, "parts": {"p": ["k", {path: [1, 1]}]}, "claimed": []}))
    with pytest.raises(FeedsvcError, match=r"manifest\.json cannot be read: delete it"):
        put(directory)
    assert (tmp_path / "outside").exists()


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"version": 2}', '{"version": 1, "parts": {"p": 3}, "claimed": []}']
)
def test_notes_that_cannot_be_read(directory: Path, text: str) -> None:
    put(directory, one("a", "x"))
    (directory / manifest.HOME / "manifest.json").write_text(text)
    with pytest.raises(FeedsvcError, match=r"manifest\.json cannot be read"):
        put(directory)
    assert listing(directory) == {"a": "x"}


def test_a_compressed_form_is_kept_only_where_it_is_smaller() -> None:
    assert worth_it(b"12345", gz=b"1234", br=b"123") == {".gz": b"1234", ".br": b"123"}
    assert worth_it(b"12345", gz=b"123", br=b"1234") == {".gz": b"123"}
    assert worth_it(b"12345", gz=b"12345", br=b"1234") == {".br": b"1234"}
    assert worth_it(b"12345", gz=None, br=b"123456") == {}
