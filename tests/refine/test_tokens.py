"""Are words cut and folded the same, whoever writes them?"""

import pytest

from feedsvc.refine.tokens import FILLER, LONGEST, OFTEN, asked, facet, folded, spread, tokens


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The Quick brown-fox, it's 3.5!", "the quick brown fox it s 3 5"),
        ("Straße Ｃafé naïve İstanbul ŁÓDŹ Ελλάς", "strasse cafe naive istanbul lodz ελλασ"),
        ("Æther Øresund Œuvre ıssız Þór", "aether oresund oeuvre issiz thor"),
        ("Ёлка й", "елка и"),
        ("日本語 東京", "日本 本語 語 東京 京"),
        ("が ガ", "が ガ"),
        ("서울에서", "서울 울에 에서 서"),
        ("हिन्दी समाचार", "हिन्दी समाचार"),
        ("مُحَمَّد", "محمد"),
        ("שָׁלוֹם", "שלום"),
        ("iPhone用 2024年", "iphone 用 2024 年"),
        ("foo_bar", "foo bar"),
        ("\ud800 \x00 …", ""),
        ("", ""),
    ],
)
def test_tokens(text: str, found: str) -> None:
    assert tokens(text, most=99) == found.split()


@pytest.mark.parametrize("text", ["Café", "ＡＢＣ", "Straße", "Ёлка", "ﬁn", "İ", "ΐ"])
def test_folding_again_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_bounds() -> None:
    assert tokens("a b c d", most=3) == ["a", "b", "c"]
    assert tokens("日本語文", most=2) == ["日本", "本語"]
    assert tokens("x" * 100, most=9) == ["x" * LONGEST]


@pytest.mark.parametrize(
    ("text", "found", "more"),
    [
        ("climate", "climate", False),
        ("日本語", "日本 本語", False),
        ("語", "語", True),
        ("東京 語", "東京 京 語", True),
        ("日本 東京", "日本 本 東京", False),
    ],
)
def test_what_is_asked(text: str, found: str, more: bool) -> None:
    assert asked(text, most=99) == (found.split(), more)


def test_what_comes_too_often_leaves_its_place_free() -> None:
    many = ["a", "b"] * (OFTEN + 5)
    kept = spread(many)
    assert len(kept) == len(many)
    assert (kept.count("a"), kept.count("b"), kept.count(FILLER)) == (OFTEN, OFTEN, 10)
    assert spread(["a"] * OFTEN) == ["a"] * OFTEN


def test_a_facet_is_one_token_of_ascii() -> None:
    assert tokens(facet("tag", "new york"), most=9) == [facet("tag", "new york")]
    assert facet("tag", "x") != facet("source", "x")
