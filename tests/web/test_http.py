"""Does HTTP get the answer that it is owed, from those who keep to the grammar and from those who do not?"""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.model import CODINGS, Coding
from feedsvc.web import http

ALL: tuple[Coding, ...] = ("br", "zstd", "gzip", "identity")


@pytest.mark.parametrize(
    "header",
    [
        '"abc"',
        'W/"abc"',
        '"abc-gzip"',
        '"abc-br"',
        '"abc-zstd"',
        'W/"abc-gzip"',
        '"abc:br"',
        '"abc;gzip"',
        '"abc--gzip"',
        '"abc-br-gzip"',  # ours, and a proxy's on top
        '"other", "abc"',
        '"other","abc-gzip" , W/"third"',
        '"a,b", "abc"',  # a comma may stand in a tag
        "*",
        " * ",
        "abc",  # quotes lost on the way
        "W/abc-gzip, abc-gzip",
        ', ,"abc",',
        '"abc", "unfinished',
    ],
)
def test_these_tags_name_the_rendering(header: str) -> None:
    assert http.none_match(header, "abc")


@pytest.mark.parametrize(
    "header",
    [
        "",
        '""',
        '"ab"',
        '"abcd"',
        '"ABC"',
        '"abc-"',
        '"abc-lzma"',
        '"abc-gzip-more"',
        '"-gzip"',
        '"xabc"',
        '"*"',
        'W/"abd"',
        '"other", "third"',
        'w/"ab c"',
        '"abc gzip"',
        "\x00",
    ],
)
def test_these_do_not(header: str) -> None:
    assert not http.none_match(header, "abc")


@given(st.text(), st.text("abcXYZ019_-", min_size=20, max_size=20))
def test_no_other_tag_matches_by_chance(header: str, etag: str) -> None:
    assert http.none_match(header, etag) == (header.strip() == "*" or etag in header)


@given(st.lists(st.sampled_from(['"x"', 'W/"y"', '"abc-gzip"', '"zz"', "junk"]), max_size=6))
def test_a_list_matches_if_one_of_it_does(tags: list[str]) -> None:
    assert http.none_match(", ".join(tags), "abc") == ('"abc-gzip"' in tags)


def test_each_coding_has_its_own_strong_tag() -> None:
    tags = [http.entity_tag("abc", coding) for coding in CODINGS]
    assert tags == ['"abc"', '"abc-gzip"', '"abc-br"', '"abc-zstd"']
    assert all(http.none_match(tag, "abc") for tag in tags)


MODIFIED = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "modified"),
    [
        ("Sun, 01 Mar 2026 12:00:00 GMT", False),
        ("Sun, 01 Mar 2026 12:00:01 GMT", False),
        ("Sun, 01 Mar 2026 11:59:59 GMT", True),
        ("Sunday, 01-Mar-26 12:00:00 GMT", False),
        ("Sun Mar  1 12:00:00 2026", False),
        ("Sun Mar  1 11:00:00 2026", True),
        ("Sun, 01 Mar 2026 13:00:00 +0100", False),
        ("Wed, 01 Jan 2098 00:00:00 GMT", False),
        ("", True),
        ("0", True),
        ("now", True),
        ("2026-03-01T12:00:00Z", True),
        ("Sun, 31 Feb 2026 12:00:00 GMT", True),
        ("Sun, 01 Mar 99999999999 12:00:00 GMT", True),
        ("Sun, 01 Mar 2026 12:00:00 GMT, Sun, 01 Mar 2026 12:00:00 GMT", False),
    ],
)
def test_if_modified_since(since: str, modified: bool) -> None:
    assert http.modified_since(since, MODIFIED) is modified


@given(st.text())
def test_no_date_breaks_it(text: str) -> None:
    http.modified_since(text, MODIFIED)


@given(st.integers(0, 7_000_000_000), st.integers(-12, 14))
def test_our_dates_read_back(seconds: int, hours: int) -> None:
    whole = datetime.fromtimestamp(seconds, UTC)
    elsewhere = whole.astimezone(timezone(timedelta(hours=hours)))
    assert http.parse_date(http.http_date(elsewhere)) == whole


@pytest.mark.parametrize(
    ("accept", "coding"),
    [
        ("", "identity"),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("x-gzip", "gzip"),
        ("br", "br"),
        ("zstd", "zstd"),
        ("gzip, deflate", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("zstd,gzip", "zstd"),
        ("gzip;q=1.0, br;q=0.9", "gzip"),
        ("gzip;q=0.5, br;q=0.500", "br"),
        ("gzip ; q=0.2 , zstd; Q=0.8", "zstd"),
        ("*", "br"),
        ("*;q=0.1", "br"),
        ("gzip, *;q=0.1", "gzip"),
        ("gzip, *;q=0", "gzip"),
        ("br;q=0, *", "zstd"),
        ("gzip;q=0", "identity"),
        ("gzip;q=0.0, br;q=0.000", "identity"),
        ("identity", "identity"),
        ("identity, gzip;q=0.5", "identity"),
        ("identity;q=0.5, gzip", "gzip"),
        ("identity;q=0.5, *;q=0", "identity"),
        ("identity;q=1, gzip;q=1", "gzip"),
        ("identity;q=0", "identity"),  # refused, and sent all the same: better than an error
        ("*;q=0", "identity"),
        ("deflate", "identity"),
        ("gzip;q=2", "identity"),
        ("gzip;q=junk", "identity"),
        ("gzip;level=9", "identity"),
        ("gzip;q=0.1234, br", "br"),
        (";q=1,,,", "identity"),
        ("gzip, gzip;q=0", "identity"),
    ],
)
def test_the_coding_to_send(accept: str, coding: Coding) -> None:
    assert http.choose_coding(accept, ALL) == coding


def test_a_smaller_body_wins_among_equals() -> None:
    assert http.choose_coding("gzip, br", ("gzip", "br", "identity")) == "gzip"
    sizes: dict[Coding, int] = {"identity": 9, "gzip": 5, "br": 5, "zstd": 4}
    assert http.smallest_first(sizes) == ("zstd", "gzip", "br", "identity")


def test_only_what_there_is_can_be_chosen() -> None:
    assert http.choose_coding("br, gzip;q=0.1", ("gzip", "identity")) == "gzip"
    assert http.choose_coding("br", ("identity",)) == "identity"


@given(st.text(), st.permutations(ALL))
def test_any_text_gives_a_coding_that_it_names(accept: str, order: list[Coding]) -> None:
    chosen = http.choose_coding(accept, tuple(order))
    assert chosen == "identity" or chosen in accept.lower() or "*" in accept


WEIGHED = st.tuples(st.sampled_from([*CODINGS, "*", "deflate"]), st.integers(0, 1000))


@given(st.lists(WEIGHED, unique_by=lambda one: one[0]))
def test_nothing_refused_is_sent_and_nothing_better_is_passed_over(wanted: list[tuple[str, int]]) -> None:
    header = ", ".join(f"{name};q={weight / 1000:.3f}" for name, weight in wanted)
    weights = dict(wanted)

    def weight(coding: str) -> int:
        return weights.get(coding, weights.get("*", 0))

    chosen = http.choose_coding(header, ALL)
    assert chosen == "identity" or weight(chosen) > 0
    assert weight(chosen) == max(map(weight, ALL))


@pytest.mark.parametrize(
    ("minutes", "seconds"),
    [([15], 300), ([60, 15], 300), ([1], 60), ([0.01], 60), ([60 * 24], 3600), ([], 3600), ([30], 600)],
)
def test_freshness_follows_the_rhythm(minutes: list[float], seconds: int) -> None:
    fresh = http.freshness(timedelta(minutes=m) for m in minutes)
    assert fresh == timedelta(seconds=seconds)
    assert http.cache_control(fresh) == (
        f"public, max-age={seconds}, stale-while-revalidate={2 * seconds}, stale-if-error=86400"
    )
