"""Which month does a word name, in whatever language?"""

import pytest

from feedsvc.pages.article.months import month_of


@pytest.mark.parametrize(
    ("name", "month"),
    [
        ("Jänner", 1),
        ("Sept.", 9),
        ("août", 8),
        ("май", 5),
        ("Mrz", 3),
        ("avgust", 8),
        ("noiembrie", 11),
        ("jūnijs", 6),
        ("juuli", 7),
        ("Agustus", 8),
        ("Disember", 12),
        ("јануар", 1),
        ("наурыз", 3),
        ("ژانویه", 1),
        ("جنوری", 1),
        ("নভেম্বর", 11),
        ("ஜூன்", 6),
        ("અગસ્ત", 0),
        ("ოქტომბერი", 10),
        ("เดือนมกราคม", 1),
        # words of everyday
        ("Pro", 0),
        ("Mac", 0),
        ("новых", 0),
        ("xyz", 0),
        ("", 0),
    ],
)
def test_months(name: str, month: int) -> None:
    assert month_of(name) == month
