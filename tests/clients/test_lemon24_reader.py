"""Does lemon24/reader see every article once, get 304 when nothing changed, and see an edit?"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from reader import Reader, make_reader

from tests.clients.conftest import ARTICLES, Service, wait_for


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
