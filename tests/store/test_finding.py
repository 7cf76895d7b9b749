"""Do searches find what the language of docs/search.md says, alike on SQLite and PostgreSQL?"""

import random
from collections.abc import Iterable
from datetime import timedelta

import pytest
from alembic.script import ScriptDirectory

from feedsvc.model import ChangedArticle, Harvest, ItemKeys, Query, SafeHtml
from feedsvc.refine.search import Term, read
from feedsvc.refine.tokens import tokens
from feedsvc.store import Store, finding
from feedsvc.store.engine import MIGRATIONS
from tests.conftest import Clock
from tests.store.test_store import V, article, bring, configure, new, plans, spring

TEXTS = {
    "Climate summit opens": "<p>Ministers meet in <b>Café</b> Zürich to talk about the climate.</p>",
    "Storm over the north": "<p>Rain and snow; the climate of the <i>sum</i>mit is cold.</p>",
    "Straße gesperrt": "<p>Wegen Schnee bleibt die Straße nach Łódź zu.</p>",
    "東京で会議": "<p>日本語の新聞は東京から伝えた。</p>",
    "서울에서 열린 회의": "<p>한국 뉴스</p>",
    "हिन्दी समाचार": "<p>आज की बड़ी खबर</p>",
    "أَخْبَار عاجلة": "<p>آخر الأخبار</p>",
    "Say don't re-use C++": "<p>A well-known foo_bar, https://example.org/a?b=c&amp;d, 3.5e10 and 0x1f.</p>",
}


def ask(text: str = "", *feeds: str, limit: int = 50, **conditions: Iterable[str]) -> Query:
    given = {name: tuple(values) for name, values in conditions.items()}
    return Query(feeds=feeds or ("all",), limit=limit, text=text, **given)


def titles(store: Store, query: Query) -> list[str]:
    return [entry.article.title for entry in store.find(query).entries]


@pytest.fixture
def filled(store: Store, clock: Clock) -> Store:
    configure(store, clock, spring())
    items = [
        new(title, clock() - timedelta(hours=number), content=SafeHtml(text))
        for number, (title, text) in enumerate(TEXTS.items())
    ]
    bring(store, clock, Harvest(validators=V, new=tuple(items)))
    return store


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("climate", "Climate summit opens|Storm over the north"),
        ("CLIMATE summit", "Climate summit opens|Storm over the north"),
        ('"climate summit"', "Climate summit opens"),
        ('"summit climate"', ""),  # no phrase runs from the title into the text
        ('"opens ministers"', ""),
        ("climate -storm", "Climate summit opens"),
        (
            "-climate -schnee -the",
            "東京で会議|서울에서 열린 회의|हिन्दी समाचार|أَخْبَار عاجلة|Say don't re-use C++",
        ),
        ("rain OR ministers", "Climate summit opens|Storm over the north"),
        ("climate rain OR ministers OR nothing", "Climate summit opens|Storm over the north"),
        ("title:climate", "Climate summit opens"),
        ("title:clim*", "Climate summit opens"),
        ('title:"storm over" cold', "Storm over the north"),
        ("title:cold", ""),
        ("clim", ""),
        ("clim*", "Climate summit opens|Storm over the north"),
        ('"the clim"*', "Climate summit opens|Storm over the north"),
        ("c*", "Say don't re-use C++"),  # one letter begins too much
        ("cafe zurich", "Climate summit opens"),
        ("strasse", "Straße gesperrt"),
        ("STRASSE lodz", "Straße gesperrt"),
        ("日本", "東京で会議"),
        ("日本語", "東京で会議"),
        ("本", "東京で会議"),
        ("聞", "東京で会議"),
        ("日語", ""),
        ("東京 -会議", ""),
        ("서울", "서울에서 열린 회의"),
        ("समाचार", "हिन्दी समाचार"),
        ("اخبار", "أَخْبَار عاجلة"),
        ("don't", "Say don't re-use C++"),
        ("re-use", "Say don't re-use C++"),
        ("use-re", ""),
        ("foo_bar", "Say don't re-use C++"),
        ("example.org/a", "Say don't re-use C++"),
        ("3.5e10 0x1f", "Say don't re-use C++"),
        ("sum", ""),  # markup within a word does not part it
        ("f", ""),
    ],
)
def test_the_language(filled: Store, text: str, found: str) -> None:
    assert titles(filled, ask(text)) == [one for one in found.split("|") if one]


def test_properties(store: Store, clock: Clock) -> None:
    configure(
        store,
        clock,
        spring(),
        spring("brook", categories=("other",)),
        feeds=plans("all", "c/world", "c/other"),
    )
    now = clock()
    a = new("a", now, tags=("New York", "Élan"), language="en-GB")
    b = new("b", now - timedelta(minutes=1), tags=("york",), language="en")
    c = new("c", now - timedelta(minutes=2), language="EN-us")
    d = new("d", now - timedelta(minutes=3), tags=("new  york",), language="fr")
    bring(store, clock, Harvest(validators=V, new=(a, b)))
    bring(store, clock, Harvest(validators=V, new=(c, d)), "brook")
    assert titles(store, ask()) == ["a", "b", "c", "d"]
    assert titles(store, ask("", "c/world")) == ["a", "b"]
    assert titles(store, ask("", "c/world", "c/other")) == ["a", "b", "c", "d"]
    assert titles(store, ask(sources=["brook"])) == ["c", "d"]
    assert titles(store, ask("", "c/world", sources=["brook"])) == []
    assert titles(store, ask(sources=["brook", "spring", "nobody"])) == ["a", "b", "c", "d"]
    assert titles(store, ask(sources=["nobody"])) == []
    assert titles(store, ask(tags=["new york"])) == ["a", "d"]
    assert titles(store, ask(tags=["york", "elan"])) == ["a", "b"]
    assert titles(store, ask(languages=["en"])) == ["a", "b", "c"]
    assert titles(store, ask(languages=["en-gb", "fr"])) == ["a", "d"]
    assert titles(store, ask("d", languages=["en"])) == []
    assert titles(store, ask("d", tags=["new york"])) == ["d"]
    assert titles(store, ask(limit=3)) == ["a", "b", "c"]
    assert titles(store, ask("", "c/nowhere")) == []


def test_what_is_found_follows_the_articles(store: Store, clock: Clock) -> None:
    configure(store, clock, spring())
    first = [new(name, clock() - timedelta(days=n)) for n, name in enumerate(("one", "two", "three"))]
    bring(store, clock, Harvest(validators=V, new=tuple(first)))
    clock.advance(minutes=15)
    late = new("late", clock() - timedelta(days=30))
    bring(store, clock, Harvest(validators=V, new=(late,)))
    everything = ["late", "one", "two", "three"]  # a latecomer is news, whatever its date
    assert titles(store, ask()) == everything
    number = store.find(ask("two")).entries[0].n
    clock.advance(minutes=15)
    changed = ChangedArticle(
        n=number,
        keys=ItemKeys(primary="guid:two", aliases=(), iri=None, item_hash="2"),
        article=article("zwei", clock()),
        updated=clock(),
    )
    bring(store, clock, Harvest(validators=V, changed=(changed,)))
    assert titles(store, ask("two")) == []
    assert titles(store, ask("zwei")) == ["zwei"]
    assert titles(store, ask()) == ["zwei", "late", "one", "three"]
    store.hide("tag:x:two", clock())
    assert titles(store, ask("zwei")) == []
    store.unhide("tag:x:two", clock())
    assert titles(store, ask("zwei")) == ["zwei"]
    assert store.retract_source("spring", clock()) == 4
    assert titles(store, ask()) == []


def test_what_waits_is_not_found_and_what_is_pruned_no_more(store: Store, clock: Clock) -> None:
    week = plans("all", "c/world", keep_for=timedelta(days=7))
    configure(store, clock, spring(), feeds=week)
    bring(store, clock, Harvest(validators=V))
    clock.advance(minutes=15)
    bring(store, clock, Harvest(validators=V, new=(new("held", clock()),), hold=timedelta(hours=1)))
    assert titles(store, ask()) == []
    clock.advance(hours=2)
    store.renew(clock())
    assert titles(store, ask("held")) == ["held"]
    clock.advance(days=8)
    assert store.prune(clock()) == 2
    assert titles(store, ask("held")) == []
    assert titles(store, ask()) == []


def test_pages_follow_each_other(store: Store, clock: Clock) -> None:
    configure(store, clock, spring())
    items = [new(f"n{n:02}", clock() - timedelta(minutes=n)) for n in range(25)]
    bring(store, clock, Harvest(validators=V, new=tuple(items)))
    seen: list[str] = []
    before: int | None = None
    while entries := store.find(ask(limit=10), before=before).entries:
        seen += [entry.article.title for entry in entries]
        before = entries[-1].seq
    assert seen == [f"n{n:02}" for n in range(25)]


def test_what_is_rare_is_found_below_what_is_recent(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "RECENT", 3)
    configure(store, clock, spring())
    items = [new(f"{'even' if n % 2 == 0 else 'odd'} n{n}", clock() - timedelta(minutes=n)) for n in range(9)]
    bring(store, clock, Harvest(validators=V, new=tuple(items)))
    assert titles(store, ask("n8")) == ["even n8"]
    assert titles(store, ask("even", limit=2)) == ["even n0", "even n2"]
    assert titles(store, ask("odd", limit=9)) == ["odd n1", "odd n3", "odd n5", "odd n7"]


@pytest.mark.parametrize(
    "text",
    [
        '"',
        "'",
        "\\",
        "* ( ) : ^ + -",
        "NEAR(a b)",
        "title:",
        "a AND NOT b",
        "x" * 10_000,
        '" OR "' * 500,
        "-" * 500,
        "a* " * 300,
        "''; DROP TABLE article; --",
        "\x00\ud800 \uffff",
        "日" * 1_000,
        "facets : f1",
        "'a':A & !b | c <-> d",
    ],
)
def test_nothing_that_is_typed_is_an_error(filled: Store, text: str) -> None:
    filled.find(ask(text))
    assert str(read(str(read(text)))) == str(read(text))


def test_a_word_that_comes_all_the_time_is_found_alike(store: Store, clock: Clock) -> None:
    configure(store, clock, spring())
    content = SafeHtml(f"<p>{'again and ' * 400} the end {'then ' * 9000} unseen</p>")
    bring(store, clock, Harvest(validators=V, new=(new("long", clock(), content=content),)))
    assert titles(store, ask('"again and"')) == ["long"]
    assert titles(store, ask('"the end"')) == ["long"]
    assert titles(store, ask('"again the end"')) == []
    assert titles(store, ask('"and the end"')) == []  # of a word only the first 190 have their place
    assert titles(store, ask("unseen")) == []


WORDS = ["ab", "abc", "b", "été", "Ete", "日本", "本日", "c3", "x-y", "of"]


def test_any_question_is_answered_as_the_tokens_say(store: Store, clock: Clock) -> None:
    dice = random.Random(7)
    configure(store, clock, spring())
    texts = {
        f"{' '.join(dice.choices(WORDS, k=2))} t{n}": " ".join(dice.choices(WORDS, k=dice.randint(1, 6)))
        for n in range(40)
    }
    items = [
        new(title, clock() - timedelta(minutes=n), content=SafeHtml(f"<p>{text}</p>"))
        for n, (title, text) in enumerate(texts.items())
    ]
    bring(store, clock, Harvest(validators=V, new=tuple(items)))
    for _ in range(120):
        asked = " ".join(_part(dice) for _ in range(dice.randint(1, 4)))
        expected = [title for title, text in texts.items() if _fits(asked, title, text)]
        assert titles(store, ask(str(read(asked)))) == expected, asked


def _part(dice: random.Random) -> str:
    words = " ".join(dice.choices(WORDS, k=dice.randint(1, 2)))
    body = f'"{words}"' if " " in words else words
    return dice.choice(["", "", "-", "title:", "-title:", "OR "]) + body + dice.choice(["", "", "*"])


def _fits(asked: str, title: str, text: str) -> bool:
    search = read(asked)
    return all(any(_has(term, title, text) for term in group) for group in search.groups) and not any(
        _has(term, title, text) for term in search.without
    )


def _has(term: Term, title: str, text: str) -> bool:
    places = [tokens(title, most=60)] + ([] if term.title else [tokens(text, most=99)])
    return any(_side_by_side(term, found, at) for found in places for at in range(len(found)))


def _side_by_side(term: Term, found: list[str], at: int) -> bool:
    words, more = term.tokens()
    part = found[at : at + len(words)]
    if len(part) < len(words) or part[:-1] != words[:-1]:
        return False
    return part[-1].startswith(words[-1]) if more else part[-1] == words[-1]


def test_what_was_there_before_the_index_is_found(store: Store, clock: Clock) -> None:
    """The migration fills it as the service would have."""
    configure(store, clock, spring())
    bring(store, clock, Harvest(validators=V, new=tuple(new(f"old {n}", clock()) for n in range(3))))
    clock.advance(minutes=15)
    bring(store, clock, Harvest(validators=V, new=(new("late", clock() - timedelta(days=9)),)))
    store.hide("tag:x:old 1", clock())
    before = [(entry.article.title, entry.seq) for entry in store.find(ask()).entries]
    script = ScriptDirectory(str(MIGRATIONS)).get_revision("0007")
    with store._db.writing() as connection:
        connection.exec_driver_sql("DELETE FROM search")
        connection.exec_driver_sql("DELETE FROM search_text")
        script.module._fill(connection)
    assert [(entry.article.title, entry.seq) for entry in store.find(ask()).entries] == before
    assert titles(store, ask("late")) == ["late"]
