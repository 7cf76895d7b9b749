"""Which files and which picture belong to a feed's entry?"""

from typing import Any

import pytest

from feedsvc.model import Enclosure, Image
from feedsvc.sources.media import enclosures, image


def test_what_several_elements_say_of_one_file_is_put_together() -> None:
    entry: dict[str, Any] = {
        "links": [
            {"rel": "enclosure", "href": "https://x/a.mp3", "length": "12"},
            {"rel": "alternate", "href": "y"},
        ],
        "media_content": [
            {"url": "https://x/a.mp3", "type": "audio/mpeg", "duration": "61.5", "filesize": "99"}
        ],
    }
    assert enclosures(entry) == (Enclosure(url="https://x/a.mp3", type="audio/mpeg", length=12, duration=61),)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("90", 90),
        ("01:30", 90),
        ("1:02:03", 3723),
        ("", None),
        ("1:x", None),
        ("1:2:3:4", None),
        (None, None),
    ],
)
def test_duration(written: str | None, seconds: int | None) -> None:
    entry = {"links": [{"rel": "enclosure", "href": "a"}], "itunes_duration": written}
    assert [one.duration for one in enclosures(entry)] == [seconds]


def test_the_duration_of_an_episode_is_not_that_of_each_of_several_files() -> None:
    entry = {"links": [{"rel": "enclosure", "href": name} for name in "ab"], "itunes_duration": "5"}
    assert [one.duration for one in enclosures(entry)] == [None, None]


@pytest.mark.parametrize("length", ["", "unknown", "-1", "9" * 30, "1,000"])
def test_lengths_that_are_none(length: str) -> None:
    entry = {"links": [{"rel": "enclosure", "href": "a", "length": length}]}
    assert enclosures(entry) == (Enclosure(url="a"),)


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        (
            {
                "media_content": [
                    {"url": "s", "medium": "image", "width": "10"},
                    {"url": "b.JPG", "width": "90"},
                ]
            },
            "b.JPG",
        ),
        ({"media_thumbnail": [{"url": "t"}], "media_content": [{"url": "c", "medium": "image"}]}, "t"),
        ({"media_content": [{"url": "film.jpg", "medium": "video"}]}, None),
        ({"image": {"href": "i"}, "links": [{"rel": "enclosure", "href": "e", "type": "image/png"}]}, "i"),
        ({"image": "a title", "links": [{"rel": "enclosure", "href": "e", "type": "image/png"}]}, "e"),
        ({"links": [{"rel": "enclosure", "href": "e", "type": "audio/mpeg"}]}, None),
        ({"media_content": "x", "media_thumbnail": [None, {"url": 5}], "links": {}}, None),
        ({}, None),
    ],
)
def test_image(entry: dict[str, Any], url: str | None) -> None:
    found = image(entry)
    assert (found.url if found else None) == url


def test_other_pictures_are_files_but_not_other_sizes() -> None:
    entry: dict[str, Any] = {
        "media_content": [
            {"url": "https://x/1.jpg?w=900", "width": "900", "height": "600"},
            {"url": "https://x/1.jpg?w=100", "width": "100"},
            {"url": "https://x/2.jpg", "medium": "image"},
            {"url": "https://x/player.swf", "type": "application/x-shockwave-flash"},
        ]
    }
    assert image(entry) == Image(url="https://x/1.jpg?w=900", width=900, height=600)
    assert [one.url for one in enclosures(entry)] == ["https://x/2.jpg"]
