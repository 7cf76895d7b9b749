"""Do the small pictures show what the numbers say?"""

import re

from feedsvc.web.charts import BAR_HEIGHT, SPARK_HEIGHT, spark, strip


def boxes(path: str) -> list[tuple[int, int, int]]:
    """(left, foot, height) of each rectangle."""
    found = re.findall(r"M(\d+) (\d+)v-(\d+)h\d+v\3z", path)
    assert "".join(f"M{left} {foot}v-{high}" for left, foot, high in found) == re.sub(r"h\d+v\d+z", "", path)
    return [(int(left), int(foot), int(high)) for left, foot, high in found]


def test_the_highest_column_fills_the_height() -> None:
    drawn = spark([0, 5, 10])
    assert boxes(drawn.path) == [(0, SPARK_HEIGHT, 2), (6, SPARK_HEIGHT, 12), (12, SPARK_HEIGHT, 24)]
    assert drawn.width == 16


def test_nothing_at_all_is_no_picture() -> None:
    assert spark([0, 0]).path == ""
    assert spark([]).path == ""


def test_a_strip_stacks_what_failed_on_what_did_not() -> None:
    drawn = strip([(0, 0), (10, 0), (4, 1), (3, 3)])
    assert boxes(drawn.none) == [(0, BAR_HEIGHT, 2)]
    assert boxes(drawn.good) == [(4, BAR_HEIGHT, 24), (8, BAR_HEIGHT, 18)]
    assert boxes(drawn.bad) == [(8, 6, 6), (12, 24, 24)]
    assert drawn.width == 15


def test_one_failure_among_a_thousand_is_seen() -> None:
    assert boxes(strip([(1000, 1)]).bad) == [(0, 3, 3)]
