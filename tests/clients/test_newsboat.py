"""Does newsboat see each article once, get 304 for what did not change, see edits, and read all feeds?"""

import sqlite3
import subprocess
from pathlib import Path

import pytest

from tests.clients.conftest import ARTICLES, PAPERS, Service, require, wait_for

FORMATS = pytest.mark.parametrize("form", ["atom", "rss"])


def reload(folder: Path, *addresses: str) -> None:
    folder.mkdir(exist_ok=True)
    urls, config = folder / "urls", folder / "config"
    urls.write_text("".join(f'"{address}"\n' for address in addresses))
    config.write_text("")
    command = [require("newsboat"), "-u", urls, "-C", config, "-c", folder / "cache.db", "-x", "reload"]
    subprocess.run(command, check=True, timeout=60, capture_output=True)


def items(folder: Path) -> list[tuple[str, str, str, str, int]]:
    cache = sqlite3.connect(folder / "cache.db")
    rows = cache.execute("SELECT guid, title, url, author, pubDate FROM rss_item").fetchall()
    cache.close()
    return rows


@pytest.mark.slow
@FORMATS
def test_newsboat_sees_every_article_and_gets_304(service: Service, tmp_path: Path, form: str) -> None:
    folder, address = tmp_path / "newsboat", f"{service.address}/c/notes.{form}"
    reload(folder, address)
    found = items(folder)
    assert len({guid for guid, *_ in found}) == len(found) == ARTICLES
    assert {title for _, title, *_ in found} == {f"Note <{n}> & more" for n in range(ARTICLES)}
    assert {url for _, _, url, *_ in found} == {f"https://notes.example/{n}" for n in range(ARTICLES)}
    assert {author for *_, author, _ in found} == {"Ann Author"}
    assert all(date > 1_700_000_000 for *_, date in found)
    # newsboat keeps validators only of a feed that it has stored before: its second poll is a full one too.
    reload(folder, address)
    service.answers.clear()
    reload(folder, address)
    assert service.answers == [(f"/c/notes.{form}", 304)]
    assert items(folder) == found


@pytest.mark.slow
@FORMATS
def test_newsboat_sees_an_edit_as_the_same_article(service: Service, tmp_path: Path, form: str) -> None:
    folder, address = tmp_path / "newsboat", f"{service.address}/c/notes.{form}"
    reload(folder, address)
    reload(folder, address)
    before = {guid for guid, *_ in items(folder)}
    service.note(3, "Quite another text.")
    wait_for(int(service.address.rsplit(":", 1)[1]), "/c/notes.json", "Quite another text.")
    service.answers.clear()
    reload(folder, address)
    assert service.answers == [(f"/c/notes.{form}", 200)]
    assert {guid for guid, *_ in items(folder)} == before


@pytest.mark.slow
@FORMATS
def test_newsboat_reads_history_filtered_and_private_feeds(
    service: Service, tmp_path: Path, form: str
) -> None:
    history, filtered, private, asked = (tmp_path / name for name in ("history", "few", "path", "asked"))
    reload(history, *(f"{service.address}/c/latest{page}.{form}" for page in ("", "/archive/1")))
    found = items(history)
    assert {title for _, title, *_ in found} == {f"Note <{n}> & more" for n in range(ARTICLES)}
    assert len({guid for guid, *_ in found}) == ARTICLES

    reload(filtered, f"{service.address}/c/notes.{form}?q=7&source=notes&tag=one")
    assert [title for _, title, *_ in items(filtered)] == ["Note <7> & more"]

    token = service.token()
    reload(private, f"{service.address}/t/{token}/c/board.{form}")
    papers = items(private)
    assert {title for _, title, *_ in papers} == {f"Paper {n}" for n in range(PAPERS)}
    reload(asked, f"{service.address.replace('://', f'://ann:{token}@')}/c/board.{form}")
    assert items(asked) == papers
