"""Is a question read as it is meant, whatever is typed, and are equal questions equal?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.refine.search import MOST, read


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("", ""),
        ("climate", "climate"),
        ("Summit  CLIMATE summit", "climate summit"),
        ('"Climate Summit"', '"climate summit"'),
        ("-storm rain", "rain -storm"),
        ("snow OR rain OR snow", "rain OR snow"),
        ("a rain OR snow b", "a b rain OR snow"),
        ("rain or snow", "or rain snow"),
        ("OR rain OR", "rain"),
        ("rain OR -snow", "rain -snow"),
        ("clim*", "clim*"),
        ("c*", "c"),
        ('"new yor"*', '"new yor"*'),
        ("title:Storm", "title:storm"),
        ('-title:"big storm"', '-title:"big storm"'),
        ("don't", '"don t"'),
        ("re-use", '"re use"'),
        ("C++ !!! ---", "c"),
        ('"not closed', '"not closed"'),
        ("日本語*", "日本語"),
        ("iPhone用", '"iphone 用"'),
    ],
)
def test_the_language(typed: str, means: str) -> None:
    assert str(read(typed)) == means
    assert read(means) == read(typed)


def test_bounds() -> None:
    assert len(read(" ".join(f"w{n}" for n in range(100))).groups) == MOST
    assert len(str(read("x" * 100_000))) == 300


@given(st.text(max_size=60))
def test_whatever_is_typed_has_one_normal_form(typed: str) -> None:
    normal = str(read(typed))
    assert str(read(normal)) == normal


@given(st.lists(st.sampled_from(["a", '"b c"', "-d", "OR", "title:e", "f*", "日本", "-"]), max_size=12))
def test_any_order_of_words_is_read(parts: list[str]) -> None:
    normal = str(read(" ".join(parts)))
    assert str(read(normal)) == normal
