"""Which days and times does a text name?"""

import pytest

from feedsvc.pages.article.written import find_dates


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("24.11.2026, 10:30 Uhr", "2026-11-24T10:30:00"),
        ("Veröffentlicht am 24. November 2026 um 10.30 Uhr", "2026-11-24T10:30:00"),
        ("November 24th, 2026 at 10:30 pm EST", "2026-11-24T22:30:00-05:00"),
        ("Tue, Nov 24, 2026 | 4:05pm", "2026-11-24T16:05:00"),
        ("By X, 5 PM March 3, 2021", "2021-03-03T17:00:00"),
        ("10:30, 24 Nov 2026", "2026-11-24T10:30:00"),
        ("24 de noviembre de 2026 - 10:30", "2026-11-24T10:30:00"),
        ("Publié le 3 févr. 2026 à 10h30", "2026-02-03T10:30:00"),
        ("1er mars 2026", "2026-03-01"),
        ("24 ноября 2026, 10:30", "2026-11-24T10:30:00"),
        ("3. tammikuuta 2026 klo 10.30", "2026-01-03T10:30:00"),
        ("2026. november 24. 10:30", "2026-11-24T10:30:00"),
        ("12 července 2026", "2026-07-12"),
        ("12 června 2026", "2026-06-12"),
        ("12 lipca 2026", "2026-07-12"),
        ("12. srpnja 2026", "2026-07-12"),
        ("12. srpna 2026", "2026-08-12"),
        ("25 Δεκεμβρίου 2025", "2025-12-25"),
        ("24 نوفمبر 2026", "2026-11-24"),
        ("٢٤ نوفمبر ٢٠٢٦", "2026-11-24"),
        ("24 בנובמבר 2026", "2026-11-24"),
        ("२४ नवंबर 2026", "2026-11-24"),
        ("24 พ.ย. 2569 10:30 น.", "2026-11-24T10:30:00"),
        ("Thứ ba, 24/11/2026, 10:30 (GMT+7)", "2026-11-24T10:30:00+07:00"),
        ("24 tháng 11 năm 2026", "2026-11-24"),
        ("2026年11月24日 10:30", "2026-11-24T10:30:00"),
        ("2026年11月24日 下午 3:30", "2026-11-24T15:30:00"),
        ("2026. 11. 24. 오후 10:30", "2026-11-24T22:30:00"),
        ("2026-11-24T10:30:00+01:00", "2026-11-24T10:30:00+01:00"),
        ("12-05-2022", "2022-05-12"),
        ("03.11.23 / 10:21", "2023-11-03T10:21:00"),
        ("31.02.2026", None),
        ("version 1.2.3", None),
        ("call 555-12-2026-11", None),
        ("no day at all", None),
    ],
)
def test_a_day_and_its_time(text: str, when: str | None) -> None:
    assert next((one.when.isoformat() for one in find_dates(text)), None) == when


def test_where_the_month_comes_first() -> None:
    assert [str(one.when) for one in find_dates("11/10/2026")] == ["2026-10-11"]
    assert [str(one.when) for one in find_dates("11/10/2026", month_first=True)] == ["2026-11-10"]
    assert [str(one.when) for one in find_dates("24/11/2026", month_first=True)] == ["2026-11-24"]
    assert [str(one.when) for one in find_dates("10.11.2026", month_first=True)] == ["2026-11-10"]


def test_several_days_in_their_order() -> None:
    found = list(find_dates("Published 1 May 2026, updated 3 May 2026 10:00"))
    assert [str(one.when) for one in found] == ["2026-05-01", "2026-05-03 10:00:00"]
    assert (found[0].start, found[0].end) == (10, 20)


def test_days_as_some_languages_write_them() -> None:
    texts = {
        "24 d'abril de 2026": "2026-04-24",
        "2026 m. lapkričio 24 d.": "2026-11-24",
        "2026. gada 24. novembris": "2026-11-24",
        "24-Nov-26": "2026-11-24",
        "24 Nov '26": "2026-11-24",
        "令和8年11月24日": "2026-11-24",
        "平成元年4月1日": "1989-04-01",
        "民國115年11月24日": "2026-11-24",
    }
    assert {text: str(next(find_dates(text)).when) for text in texts} == texts
    assert not list(find_dates("24-nov-15:04"))
    assert not list(find_dates("The Phone 15 Pro 2023"))
