"""Does lemon24/reader see each article once, get 304 for what did not change, see edits, read all feeds?"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from reader import Reader, make_reader

from tests.clients.conftest import ARTICLES, PAPERS, Service, wait_for


@pytest.fixture
def subscribed(service: Service, tmp_path: Path) -> Iterator[Reader]:
    reader = make_reader(str(tmp_path / "reader.sqlite"), plugins=[])
    for ending in ("rss", "atom", "json"):
        reader.add_feed(f"{service.address}/c/notes.{ending}")
    reader.update_feeds(scheduled=False)
    yield reader
    reader.close()


@pytest.mark.slow
@pytest.mark.filterwarnings("default")  # reader's and feedparser's own
def test_reader_sees_every_article_and_gets_304(service: Service, subscribed: Reader) -> None:
    for ending in ("rss", "atom", "json"):
        entries = list(subscribed.get_entries(feed=f"{service.address}/c/notes.{ending}"))
        assert len(entries) == ARTICLES
        assert {entry.title for entry in entries} == {f"Note <{n}> & more" for n in range(ARTICLES)}
        assert {entry.link for entry in entries} == {f"https://notes.example/{n}" for n in range(ARTICLES)}
        assert all(entry.authors_str == "Ann Author" for entry in entries)
        assert all(entry.published is not None for entry in entries)
        assert all("<em>text</em>" in (entry.get_content() or entry.content[0]).value for entry in entries)
    feed = subscribed.get_feed(f"{service.address}/c/notes.atom")
    assert (feed.title, feed.last_exception) == ("Notes & more", None)
    assert [status for _, status in service.answers] == [200, 200, 200]
    service.answers.clear()
    subscribed.update_feeds(scheduled=False)
    assert sorted(service.answers) == [(f"/c/notes.{ending}", 304) for ending in ("atom", "json", "rss")]


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_reader_sees_an_edit_as_the_same_article(service: Service, subscribed: Reader) -> None:
    service.note(3, "Quite another text.")
    port = int(service.address.rsplit(":", 1)[1])
    wait_for(port, "/c/notes.json", "Quite another text.")
    (result,) = [
        one
        for one in subscribed.update_feeds_iter(scheduled=False)
        if one.url.endswith(".atom") and not isinstance(one.value, Exception)
    ]
    assert result.value is not None
    assert (result.value.new, result.value.modified) == (0, 1)


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_reader_reads_history_filtered_and_private_feeds(service: Service, tmp_path: Path) -> None:
    token = service.token()
    expected: dict[str, int] = {}
    for form in ("rss", "atom", "json"):
        expected[f"{service.address}/c/latest.{form}"] = 10
        expected[f"{service.address}/c/latest/archive/1.{form}"] = ARTICLES
        expected[f"{service.address}/c/notes.{form}?q=7&source=notes&tag=one"] = 1
        expected[f"{service.address}/t/{token}/c/board.{form}"] = PAPERS
        expected[f"{service.address.replace('://', f'://ann:{token}@')}/c/board.{form}"] = PAPERS
    with make_reader(str(tmp_path / "reader.sqlite"), plugins=[]) as reader:
        for address in expected:
            reader.add_feed(address)
        reader.update_feeds(scheduled=False)
        assert {feed.url: feed.last_exception for feed in reader.get_feeds()} == dict.fromkeys(expected)
        assert {url: reader.get_entry_counts(feed=url).total for url in expected} == expected
        assert len({entry.id for entry in reader.get_entries()}) == ARTICLES + PAPERS
        assert [status for _, status in service.answers] == [200] * len(expected)
        service.answers.clear()
        reader.update_feeds(scheduled=False)
        assert [status for _, status in service.answers] == [304] * len(expected)
