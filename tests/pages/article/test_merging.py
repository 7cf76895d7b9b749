"""What becomes of an item of a feed or a list when its own page was read, too?"""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from feedsvc.model import Author, Extracted, Image, ParsedItem
from feedsvc.pages.article import merge

TEN = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 24, tzinfo=UTC)
PAGE = Extracted(
    url="https://paper.example/1",
    title="Cracks close the bridge over the Lenn",
    authors=("Ana Bell",),
    published=TEN,
    modified=TEN,
    language="en",
    section=("Region",),
    tags=("Bridges", "lenn"),
    summary="It is closed.",
    image=Image(url="https://paper.example/i.jpg"),
    html="<p>The bridge over the Lenn was closed on Monday.</p>",
    text="The bridge over the Lenn was closed on Monday.",
)


def merged(**item: Any) -> ParsedItem:
    return merge(ParsedItem(guid="g", link="/1", **item), PAGE)


def test_what_is_missing_is_filled() -> None:
    assert merged() == ParsedItem(
        guid="g",
        link="/1",
        title=PAGE.title,
        title_type="text",
        summary="It is closed.",
        summary_type="text",
        content=PAGE.html,
        authors=(Author(name="Ana Bell"),),
        published=TEN,
        updated=TEN,
        tags=("Region", "Bridges", "lenn"),
        image=PAGE.image,
        language="en",
    )


def test_an_empty_page_changes_nothing() -> None:
    item = ParsedItem(
        guid="g", link="/1", title="T", summary="s", content="c", published=MIDNIGHT, base_url="/b"
    )
    assert merge(item, Extracted(url="https://paper.example/1")) == item


def test_what_the_item_says_stays() -> None:
    item = merged(
        title="The Lenn bridge",
        summary="Mine.",
        authors=(Author(name="Bo Cell"),),
        published=datetime(2026, 11, 23, 9, tzinfo=UTC),
        image=Image(url="/mine.jpg"),
        language="en-GB",
        tags=("Lenn",),
        base_url="https://feed.example/",
    )
    assert (item.guid, item.link, item.title, item.summary) == ("g", "/1", "The Lenn bridge", "Mine.")
    assert item.authors == (Author(name="Bo Cell"),)
    assert item.published == datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert item.image == Image(url="/mine.jpg")
    assert item.language == "en-GB"
    assert item.tags == ("Lenn", "Region", "Bridges")
    assert item.base_url == "https://feed.example/"


@pytest.mark.parametrize(
    ("title", "result"),
    [
        ("", PAGE.title),
        ("Cracks close the bridge…", PAGE.title),
        ("Cracks close the bridge over ...", PAGE.title),
        ("Other words that go on …", "Other words that go on …"),
        ("Cracks close the bridge over the Lenn | The Lenn Herald", PAGE.title),
        ("Region: Cracks close the bridge over the Lenn", PAGE.title),
        ("<b>Cracks</b> close the bridge over the Lenn", "<b>Cracks</b> close the bridge over the Lenn"),
        ("Bridge closed", "Bridge closed"),
    ],
)
def test_title(title: str, result: str) -> None:
    assert merged(title=title).title == result


def test_the_fuller_text_wins_and_the_shorter_becomes_the_summary() -> None:
    assert merged(content="<p>The bridge was closed.</p>").content == PAGE.html
    assert merged(content="<p>The bridge was closed.</p>").summary == "<p>The bridge was closed.</p>"
    assert merged(content="The bridge was closed.", summary="Mine.").summary == "Mine."
    longer = f"<p>{PAGE.text} And more than that.</p>"
    assert merged(content=longer).content == longer


@pytest.mark.parametrize(
    ("told", "found", "when"),
    [
        (None, TEN, TEN),
        (MIDNIGHT, TEN, TEN),
        (TEN, datetime(2026, 11, 25, 8, tzinfo=UTC), TEN),
        (None, date(2026, 11, 24), MIDNIGHT.replace(tzinfo=None)),
        (MIDNIGHT, date(2026, 11, 25), MIDNIGHT),
        (TEN, None, TEN),
    ],
)
def test_a_moment_beats_a_bare_day(told: datetime | None, found: date | None, when: datetime) -> None:
    page = Extracted(url="https://paper.example/1", published=found)
    assert merge(ParsedItem(guid="g", published=told), page).published == when


def test_software_is_no_author() -> None:
    assert merged(authors=(Author(name="admin"),)).authors == (Author(name="Ana Bell"),)
    assert merged(authors=(Author(name="", email="a@paper.example"),)).authors == (Author(name="Ana Bell"),)
