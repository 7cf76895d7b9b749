"""Which moment does the text near an article name?"""

from datetime import UTC, datetime

import pytest

from feedsvc.pages.listing.dates import (
    Order,
    Reading,
    read_exact,
    read_foreign,
    read_path,
    read_written,
    reading,
)


def naive(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute)  # noqa: DTZ001 the texts name no zone


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("24 November 2026", "en"),
        ("Tuesday, November 24th, 2026", "en"),
        ("Posted on Nov 24, 2026 by Ann", "en"),
        ("24. November 2026", "de"),
        ("le 24 novembre 2026", "fr"),
        ("24 de noviembre de 2026", "es"),
        ("24 novembre 2026", "it"),
        ("24 de novembro de 2026", "pt"),
        ("24 listopada 2026", "pl"),
        ("24. listopadu 2026", "cs"),
        ("24. studenoga 2026", "hr"),
        ("2026. november 24.", "hu"),
        ("24 ноября 2026", "ru"),
        ("24 листопада 2026", "uk"),
        ("24 Νοεμβρίου 2026", "el"),
        ("24 Kasım 2026", "tr"),
        ("24. marraskuuta 2026", "fi"),
        ("24 نوفمبر 2026", "ar"),
        ("24 בנובמבר 2026", "he"),
        ("24 नवंबर 2026", "hi"),
        ("24 พ.ย. 2569", "th"),
        ("24 tháng 11, 2026", "vi"),
        ("2026年11月24日", "ja"),
        ("2026년 11월 24일", "ko"),
        ("2026.11.24", "ko"),
        ("24.11.2026", "de"),
        ("24.11.26", "de"),
        ("2026-11-24", ""),
    ],
)
def test_the_same_day_in_many_languages(text: str, language: str) -> None:
    assert read_written(text, Reading(language=language)) == naive(11, 24)


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [
        ("24 November 2026 10:30", 10, 30),
        ("November 24, 2026 at 10:30 PM", 22, 30),
        ("24.11.2026, 10.30 Uhr", 10, 30),
        ("24/11/2026 à 10h30", 10, 30),
        ("2026.11.24 10:30", 10, 30),
        ("24 November 2026, page 99", 0, 0),
    ],
)
def test_the_time_of_day(text: str, hour: int, minute: int) -> None:
    assert read_written(text, Reading(language="en")) == naive(11, 24, hour, minute)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "3 hours ago",
        "today",
        "24 November",
        "page 12",
        "12/2026",
        "31.02.2026",
        "2026",
        "1.2.3.4",
        "24 Things 2026",
    ],
)
def test_what_names_no_day(text: str) -> None:
    assert read_written(text, Reading(language="en")) is None


@pytest.mark.parametrize(("order", "month", "day"), [("DMY", 2, 1), ("MDY", 1, 2), ("YMD", 2, 1)])
def test_the_order_of_numbers(order: Order, month: int, day: int) -> None:
    assert read_written("1/2/2026", Reading(order=order)) == naive(month, day)
    assert read_written("24/11/2026", Reading(order=order)) == naive(11, 24)


@pytest.mark.parametrize(
    ("language", "host", "text", "order"),
    [
        ("en-US", "a.example", "", "MDY"),
        ("en-GB", "a.example", "", "DMY"),
        ("en", "city.gov", "", "MDY"),
        ("en", "paper.co.uk", "", "DMY"),
        ("fr", "a.example", "", "DMY"),
        ("ja", "a.example", "", "YMD"),
        ("en-US", "a.example", "<td>24/11/2026</td><td>1/2/2026</td>", "DMY"),
        ("en-GB", "a.example", "<td>11/24/2026</td>", "MDY"),
    ],
)
def test_the_order_that_a_page_uses(language: str, host: str, text: str, order: Order) -> None:
    assert reading(language, host, text, None).order == order
    assert reading(language, host, text, "YMD").order == "YMD"


def test_what_machines_write() -> None:
    assert read_exact("2026-11-24T10:30:00+01:00") == datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    assert read_exact("1795516200") == datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
    assert read_exact("1795516200000") == datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
    assert read_exact("2026") is None
    assert read_exact(None) is None


def test_the_day_in_an_address() -> None:
    assert read_path("/news/2026/11/24/storm") == naive(11, 24)
    assert read_path("/2026-11-24-storm.html") == naive(11, 24)
    assert read_path("/news/2026/storm") is None


def test_languages_that_the_table_does_not_have() -> None:
    assert read_foreign("24 noyabr 2026", Reading(language="az")) == naive(11, 24)
    assert read_foreign("24 noyabr 2026", Reading(language="xx-unknown")) is None
    assert read_foreign("24 noyabr", Reading(language="az")) is None
