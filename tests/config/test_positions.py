import itertools
import time

import pytest

from feedsvc.config.positions import MAX_NODES, locate


def problems(text: str) -> list[str]:
    return [str(problem).removeprefix("f.yaml:") for problem in locate(text, "f.yaml").problems]


def test_every_key_and_value_has_a_place() -> None:
    located = locate("site:\n  title: A\nsources:\n  - {id: x, l: [1, 2]}\n", "f.yaml")
    assert located.data == {"site": {"title": "A"}, "sources": [{"id": "x", "l": [1, 2]}]}
    assert located.keys["site", "title"] == (2, 3)
    assert located.values["site", "title"] == (2, 10)
    assert located.values["sources", 0] == (4, 5)
    assert located.values["sources", 0, "l", 1] == (4, 20)


def test_a_problem_below_a_known_place_stands_there() -> None:
    located = locate("a:\n  b: 1\n", "f.yaml")
    assert str(located.problem(("a", "missing"), "is missing")) == "f.yaml:2:3: is missing"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("yes", "yes"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("", None),
        ("0123", 123),
        ("0o17", 15),
        ("0x1f", 31),
        ("1_000", 1000),
        ("1.5", 1.5),
        ("12:30:45", "12:30:45"),
        ("'2024-01-01'", "2024-01-01"),
        ("!!str 5", "5"),
        ("15m", "15m"),
    ],
)
def test_scalars_are_those_of_yaml_1_2(text: str, value: object) -> None:
    located = locate(f"a: {text}\n", "f.yaml")
    assert located.data == {"a": value}
    assert located.problems == ()


def test_a_date_is_text_as_written() -> None:
    assert locate("a: 2024-01-01\nb: 2024-01-01 10:00\n", "f.yaml").data == {
        "a": "2024-01-01",
        "b": "2024-01-01 10:00",
    }


def test_yaml_1_1_is_read_where_a_file_asks_for_it() -> None:
    assert locate("%YAML 1.1\n---\na: no\n", "f.yaml").data == {"a": False}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: .nan\n", "1:4: YAML reads .nan as float: put it in quotes if it is meant as text"),
        ("a: !x 1\n", "1:4: YAML reads 1 as !x: put it in quotes if it is meant as text"),
        ("a: 1\na: 2\n", "2:1: the key 'a' is already on line 1: keep one of them"),
        ("1: x\n", "1:1: a key must be text, '1' is not: put it in quotes"),
        ("? [a]\n: x\n", "1:3: a key must be text, this is not: put it in quotes"),
        ("a:\n\tb: 1\n", "2:1: a tab cannot be used for indentation in YAML: use spaces"),
        (
            "a: b: c\n",
            "1:5: a second ': ' here, or wrong indentation: text with ': ' in it needs quotes",
        ),
        (
            "a: 1\n---\nb: 1\n",
            "2:1: a config file is one YAML document: remove this '---'",
        ),
        ("a: \x07\n", "1:4: the character U+0007 is not allowed in YAML"),
        ("a: *x\n", "1:4: not YAML: found undefined alias 'x'"),
        (
            "a: [1\n",
            "2:1: the file ends too early: a bracket or quote opened on line 1 is never closed",
        ),
        ("a: &a [*a]\n", "1:4: the aliases make this file endless: write the values out"),
        ("<<: 3\n", "1:5: '<<' takes an alias of a mapping, such as *defaults"),
        ("a: " + "[" * 1000, "1:1: nested too deeply to be a config"),
    ],
)
def test_what_yaml_cannot_mean_is_told_with_its_place(text: str, expected: str) -> None:
    assert problems(text) == [expected]


def test_a_merge_fills_in_what_is_not_there() -> None:
    located = locate("d: &d {a: 1, b: 2}\ne: {b: 3, <<: *d}\nf: {<<: [*d, {c: 4}]}\n", "f.yaml")
    assert located.problems == ()
    assert isinstance(located.data, dict)
    assert located.data["e"] == {"b": 3, "a": 1}
    assert located.data["f"] == {"a": 1, "b": 2, "c": 4}
    assert located.values["e", "a"] == (1, 11)
    assert located.values["e", "b"] == (2, 8)


def test_a_merge_into_itself_ends() -> None:
    assert problems("a: &a {<<: *a, b: 1}\n") == [
        "1:4: the aliases make this file endless: write the values out"
    ]


def test_an_alias_bomb_is_refused_in_short_time() -> None:
    layers = ["a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    names = "abcdefghij"
    for before, name in itertools.pairwise(names):
        layers.append(f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]")
    started = time.monotonic()
    located = locate("\n".join(layers), "f.yaml")
    assert located.data is None
    assert [problem.message for problem in located.problems] == [
        "the aliases make this file endless: write the values out"
    ]
    assert time.monotonic() - started < 20  # 9 to the tenth nodes would take hours
    assert MAX_NODES < 10**6


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n"])
def test_an_empty_file_says_nothing(text: str) -> None:
    located = locate(text, "f.yaml")
    assert located.data == {}
    assert located.problems == ()
