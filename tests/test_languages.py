"""Is a text the tag of a language, and how is it written today (BCP 47)?"""

import pytest

from feedsvc.languages import language_tag


@pytest.mark.parametrize("tag", ["en", "EN-gb", "zh-Hant-TW", "tw", "yue", "gsw-CH", "und"])
def test_a_tag_stays_as_it_is(tag: str) -> None:
    assert language_tag(tag) == tag


@pytest.mark.parametrize(
    ("old", "new"),
    [("iw", "he"), ("IW-IL", "he-IL"), ("in", "id"), ("ji", "yi"), ("jw", "jv"), ("mo-MD", "ro-MD")],
)
def test_a_language_is_called_as_it_is_today(old: str, new: str) -> None:
    assert language_tag(old) == new


@pytest.mark.parametrize(
    "text",
    [
        "",
        "e",
        "English",
        "en_GB",
        "en-",
        "-en",
        "en-toolongsubtag",
        "jp",
        "cz-CZ",
        "xx",
        "x-own",
        "en\n",
        "ён",
    ],
)
def test_anything_else_is_none(text: str) -> None:
    assert language_tag(text) is None
