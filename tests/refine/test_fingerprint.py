"""Has an article changed in a way that a reader would care about?"""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.model import Author, Enclosure, Image
from feedsvc.refine.fingerprint import fingerprint

TEXT = '<p>Two <b>ships</b> in <a href="https://example.org/port?id=3">port</a>.</p>\n<img src="https://example.org/a.jpg">'
ARTICLE: dict[str, Any] = {
    "title": "Ships in port",
    "link": "https://example.org/ships",
    "summary": "<p>Two ships.</p>",
    "content": TEXT,
    "authors": (Author(name="Ada"), Author(name="Ben", email="ben@example.org")),
    "tags": ("sea", "Ships"),
    "enclosures": (Enclosure(url="https://example.org/a.mp3", type="audio/mpeg"),),
    "image": Image(url="https://example.org/big.jpg"),
}


def with_(**changes: Any) -> str:
    return fingerprint(**(ARTICLE | changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"title": " Ships  in\nport"},
        {"link": "http://www.example.org/ships/?utm_source=feed"},
        {"content": TEXT.replace("\n", "  \n\t ").replace("ships", " ships ")},
        {"content": TEXT.replace("<b>", '<strong lang="en">').replace("</b>", "</strong>")},
        {"content": TEXT.replace("<p>", "<div><p>").replace("</p>", "</p></div>")},
        {"content": TEXT.replace("id=3", "utm_medium=x&amp;id=3&amp;fbclid=123")},
        {"content": TEXT.replace("https:", "http:")},
        {"content": TEXT.replace("a.jpg", "a.jpg?w=300&amp;X-Amz-Signature=abc&amp;ts=17")},
        {"content": TEXT + '<img src="https://ads.example.net/slot/17?r=99">'},
        {"content": TEXT + '<a href="https://example.net/track/17"></a>'},
        {"authors": ARTICLE["authors"][::-1]},
        {"tags": ("ships", "Sea")},
        {
            "enclosures": (
                Enclosure(url="http://example.org/a.mp3?utm_campaign=x", type="audio/mpeg", length=9),
            )
        },
        {"image": Image(url="https://example.org/big.jpg?width=1200", width=1200)},
    ],
)
def test_what_moves_nothing(changes: dict[str, Any]) -> None:
    assert with_(**changes) == with_()


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Ship in port"},
        {"link": "https://example.org/ships-2"},
        {"link": None},
        {"summary": "<p>Three ships.</p>"},
        {"content": TEXT.replace("Two", "Three")},
        {"content": TEXT.replace("id=3", "id=4")},
        {"content": TEXT.replace("a.jpg", "b.jpg")},
        {"content": TEXT + '<img src="https://example.org/c.jpg">'},
        {"content": TEXT + '<video src="https://example.org/c.mp4"></video>'},
        {"content": ""},
        {"authors": (Author(name="Ada"),)},
        {"authors": (*ARTICLE["authors"], Author(name="Cleo"))},
        {"tags": ("sea",)},
        {"enclosures": ()},
        {"enclosures": (Enclosure(url="https://example.org/b.mp3", type="audio/mpeg"),)},
        {"image": None},
        {"image": Image(url="https://example.org/small.jpg")},
    ],
)
def test_what_a_reader_would_care_about(changes: dict[str, Any]) -> None:
    assert with_(**changes) != with_()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("123 views", "124 views"),
        ("1 comment", "2 comments"),
        ("<span>1,204</span> Comments", "<span>1,209</span> Comments"),
        ("Views: 10", "Views: 11"),
        ("Comments (0)", "Comments (12)"),
        ("1.2k likes", "1.3k likes"),
        ("12 Kommentare", "13 Kommentare"),
        ("3 min ago", "1 hour ago"),
        ("an hour ago", "2 hours ago"),
        ("just now", "3 minutes ago"),
        ("vor 3 Minuten", "vor einer Stunde"),
        ("il y a 3 heures", "il y a 2 jours"),
        ("hace 5 minutos", "hace una hora"),
        ("3 minuti fa", "1 ora fa"),
        ("5 минут назад", "2 часа назад"),
        ("3分前", "5時間前"),
    ],
)
def test_counters_and_relative_times_move_nothing(one: str, other: str) -> None:
    text = "<p>Two ships in port.</p><p>Posted {} by Ada</p>"
    assert with_(content=text.format(one)) == with_(content=text.format(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("10 ships", "11 ships"),
        ("at 10:30", "at 10:40"),
        ("vor 3 Häusern", "vor 4 Häusern"),
        ("on 24 November 2026", "on 25 November 2026"),
        ("version 1.2.3", "version 1.2.4"),
        ("(10)", "(11)"),
        ("note: 10 ships", "note: 11 ships"),
    ],
)
def test_other_numbers_do(one: str, other: str) -> None:
    assert with_(content=f"<p>{one}</p>") != with_(content=f"<p>{other}</p>")


@settings(max_examples=100, deadline=None, database=None)
@given(
    st.lists(st.text("abc<>& \n", max_size=12), max_size=6),
    st.lists(st.sampled_from(["sea", "SEA", "ship", "port"]), max_size=5).flatmap(
        lambda tags: st.tuples(st.just(tags), st.permutations(tags))
    ),
)
def test_white_space_and_order_of_tags_never_move_it(
    lines: list[str], tags: tuple[list[str], list[str]]
) -> None:
    escaped = [line.replace("&", "&amp;").replace("<", "&lt;") for line in lines]
    one = fingerprint(title="x", link=None, summary="", content="<br>".join(escaped), tags=tags[0])
    other = fingerprint(title=" x ", link=None, summary=" ", content="\n<br>  ".join(escaped), tags=tags[1])
    assert one == other


def test_it_is_the_same_in_every_process() -> None:
    assert with_() == "861c7f5edf779e22e98410e673c9b60d5047e531"


def test_long_rows_of_digits_take_no_time() -> None:
    rows = "1," * 200_000 + "1 " * 100_000 + "12" * 100_000
    assert with_(content=rows) != with_(content=rows + "x")
