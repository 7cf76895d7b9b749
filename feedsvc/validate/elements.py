"""Are the elements below another one those that may stand there, as often as they may, with good values?"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from feedsvc.validate import markup, tree, values
from feedsvc.validate.rules import Finding, found
from feedsvc.validate.tree import Element


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """What may stand in an attribute; ``kind`` is a key of ``values.KINDS``."""

    kind: str = "any"
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What an element may be: ``once``: at most once below its parent. ``empty``: it may say nothing.

    ``holds``: other elements, as a part of the document. ``void``: nothing at all may be in it.
    """

    kind: str = "any"
    once: bool = True
    required: bool = False
    empty: bool = False
    holds: bool = False
    void: bool = False
    attributes: Mapping[str, Attribute] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in a document we are (``item 3``), when it is read, and the prefix of what it is written in."""

    name: str
    now: datetime
    own: str = ""

    def says(self, code: str, at: Element, /, **said: object) -> Finding:
        return found(code, line=tree.line(at), place=self.name, **said)

    def within(self, name: str) -> "Place":
        return replace(self, name=f"{self.name}, {name}")

    def label(self, element: Element) -> str:
        """The element's name as a writer of such documents says it."""
        return tree.name(element).removeprefix(f"{self.own}:")


MANY: Final = Word(once=False, empty=True, holds=True)
_NO_VOCABULARY: Final = frozenset({"", "rss10", "rss09"})


def of_children(parent: Element, known: Mapping[str, Word], place: Place) -> Iterator[Finding]:
    """The children in the document's own vocabulary against the table of those that may stand there."""
    own = [child for child in tree.children(parent) if is_own(child, place)]
    names = [tree.local(child) for child in own]
    counts = Counter(names)
    for name, word in known.items():
        if word.required and not counts[name]:
            yield place.says("missing", parent, parent=place.name, element=name)
        if word.once and counts[name] > 1:
            second = [child for child in own if tree.local(child) == name][1]
            yield place.says("twice", second, parent=place.name, element=name)
    for child, name in zip(own, names, strict=True):
        if name in known:
            yield from of_unknown_attributes(child, known[name].attributes, place)
            yield from of_element(child, known[name], place)
        else:
            yield place.says("unknown", child, parent=place.name, element=name)
    if tree.spaced_text(parent):
        yield place.says("text-between", parent, parent=place.name)


def is_own(element: Element, place: Place) -> bool:
    prefix = tree.prefix(element)
    return prefix == place.own or prefix in _NO_VOCABULARY


def of_element(element: Element, word: Word, place: Place) -> Iterator[Finding]:
    """One element: its attributes, its value, the markup in it."""
    yield from of_attributes(element, word.attributes, place)
    label, text = place.label(element), "".join(map(str, element.itertext())).strip()
    if word.holds:
        return
    for child in tree.children(element):
        yield place.says("unknown", child, parent=label, element=tree.name(child))
    if word.void:
        if text:
            yield place.says("text-between", element, parent=label)
    elif text:
        yield from of_value(element, label, text, word.kind, place)
    elif not word.empty:
        yield place.says("blank", element, element=label)


def of_attributes(element: Element, known: Mapping[str, Attribute], place: Place) -> Iterator[Finding]:
    label = place.label(element)
    for name, attribute in known.items():
        value = element.get(name)
        if value is not None:
            yield from of_value(element, f"{label}, {name}", value.strip(), attribute.kind, place)
        elif attribute.required:
            yield place.says("attribute-missing", element, element=label, name=name)


def of_unknown_attributes(element: Element, known: Iterable[str], place: Place) -> Iterator[Finding]:
    """Attributes without a namespace that mean nothing there."""
    for name in sorted(set(map(str, element.attrib)) - set(known)):
        if not name.startswith("{"):
            yield place.says("attribute-unknown", element, element=place.label(element), name=name)


def of_value(element: Element, name: str, text: str, kind: str, place: Place) -> Iterator[Finding]:
    """A text that should be of ``kind``; ``name`` is that of the element or attribute."""
    if broken := values.check(kind, text, place.now):
        code, said = broken
        yield place.says(code, element, **{"element": name, "value": text, **said})
    if odd := values.strange(text):
        yield place.says("characters", element, element=name, value=odd)
    if kind == "html":
        yield from of_markup(element, name, markup.in_html(text), place)


def of_markup(
    element: Element, name: str, broken: Iterable[markup.Broken], place: Place
) -> Iterator[Finding]:
    for code, value in broken:
        yield place.says(code, element, element=name, value=value)
