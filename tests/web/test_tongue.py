"""Do texts of all scripts get the direction in which they are read, and no language that they contradict?"""

import pytest

from feedsvc.web.tongue import direction, from_the_right, tongue


@pytest.mark.parametrize(
    ("text", "language", "runs"),
    [
        ("Night trains return", None, "ltr"),
        ("Поезда возвращаются", None, "ltr"),
        ("夜行列車", "ja", "ltr"),
        ("عودة القطارات", None, "rtl"),
        ("רכבות לילה", None, "rtl"),
        ("BBC: قمة المناخ تبدأ غدا", "ar", "rtl"),  # dir="auto" would say ltr
        ("iPhone 18 Pro Max: ביקורת", "he", "rtl"),  # a fifth of the letters is enough where it is known
        ("iPhone 18 Pro Max: ביקורת", None, "ltr"),
        ("What سلام means, and why so many people say it", "ar", "ltr"),
        ("Das Wort שלום", "de", "ltr"),
        ("2026 – 12:30", "ar", "auto"),
        ("", None, "auto"),
        ("😀😀", None, "auto"),
    ],
)
def test_the_letters_decide(text: str, language: str | None, runs: str) -> None:
    assert direction(text, language) == runs


@pytest.mark.parametrize(
    "tag", ["ar", "he-IL", "fa", "ur-PK", "yi", "ckb", "az-Arab", "pa-Arab-PK", "ff-Adlm"]
)
def test_languages_from_the_right(tag: str) -> None:
    assert from_the_right(tag)


@pytest.mark.parametrize("tag", ["en", "de-CH", "ar-Latn", "zh-Hant", "az", "ku", "art"])
def test_languages_from_the_left(tag: str) -> None:
    assert not from_the_right(tag)


@pytest.mark.parametrize(
    ("text", "languages", "said"),
    [
        ("Trains", ("en-GB", "fr"), ' dir="ltr" lang="en-GB"'),
        ("Trains", (None, "fr"), ' dir="ltr" lang="fr"'),
        ("עברית", (None, "en"), ' dir="rtl" lang=""'),  # the category is English, this is not
        ("עברית", ("en", "he"), ' dir="rtl" lang="he"'),
        ("An English title", ("ar",), ' dir="ltr" lang=""'),
        ("2026", ("ar", "en"), ' dir="auto" lang="ar"'),
        ("Trains", (None, None), ' dir="ltr" lang=""'),
        ("Trains", ('"><b>',), ' dir="ltr" lang="&#34;&gt;&lt;b&gt;"'),
    ],
)
def test_the_first_language_that_can_be_true_is_said(
    text: str, languages: tuple[str | None, ...], said: str
) -> None:
    assert tongue(text, *languages) == said
