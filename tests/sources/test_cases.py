"""Does every source type read its cases as expected, and refuse what it does not read?

A case is a directory ``TYPE/NAME`` with ``source.yaml``, the captured answer ``1.http`` (headers, empty
line, body) and what should be read from it, ``expected.json``; ``GOLDEN=1 pytest`` writes the latter.
"""

import dataclasses
import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from feedsvc.errors import ParseError
from feedsvc.model import Document, Parsed, Source
from feedsvc.sources import TYPES

HERE = Path(__file__).parent
CASES = sorted(path.parent for path in HERE.glob("*/*/source.yaml"))

HTML = (
    b"<!DOCTYPE html><html><head><title>503 Service &amp; more</title></head><body><p>Sorry</p></body></html>"
)
HOSTILE = {
    "empty": b"",
    "blank": b" \r\n\t ",
    "NUL-filled": bytes(4096),
    "HTML error page": HTML,
    "HTML after a comment": b"<!-- cached -->\n" + HTML,
    "XHTML error page": b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body/></html>',
    "words": b"Not found\n",
    "OPML": b'<?xml version="1.0"?><opml version="2.0"><body><outline xmlUrl="http://x/"/></body></opml>',
    "sitemap": b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>/</loc></url></urlset>',
    "SVG": b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:atom="http://www.w3.org/2005/Atom"/>',
    "JSON of another kind": b'{"data": [1, 2], "version": "2"}',
    "JSON list": b"[]",
    "broken JSON": b'{"version": "https://jsonfeed.org/version/1.1", "items": [',
    "endless JSON": b'{"version": "https://jsonfeed.org/version/1.1", "items": ' + b"[" * 100_000,
    "PNG": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01" + bytes(range(256)),
    "gzip": b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" + bytes(reversed(range(256))),
    "wide nothing": b"\xff\xfe\x00\x00",
}


# HTML needs no closing tags, so that a page that breaks off may look whole: its first items come out.
OPEN_ENDED = {"page"}


def name_of(case: Path) -> str:
    return f"{case.parent.name}/{case.name}"


def source_of(case: Path) -> Source:
    fields = YAML(typ="safe", pure=True).load(case / "source.yaml")
    return TYPES[case.parent.name].model.model_validate(fields)


def document_of(case: Path, source: Source) -> Document:
    head, _, body = (case / "1.http").read_bytes().partition(b"\n\n")
    lines = (line.partition(":") for line in head.decode().splitlines())
    headers = {name.lower(): value.strip() for name, _, value in lines}
    return Document(url=TYPES[source.type].start(source).url, body=body, headers=headers)


def parse(case: Path, body: bytes | None = None) -> Parsed:
    source = source_of(case)
    document = document_of(case, source)
    if body is not None:
        document = dataclasses.replace(document, body=body)
    return TYPES[source.type].parse(source, document)


def shown(value: Any) -> Any:
    """As JSON, fields that say nothing left out."""
    if dataclasses.is_dataclass(value):
        fields = {one.name: getattr(value, one.name) for one in dataclasses.fields(value)}
        return {name: shown(one) for name, one in fields.items() if one not in (None, (), False)}
    if isinstance(value, tuple):
        return [shown(one) for one in value]
    if isinstance(value, datetime | timedelta):
        return str(value)
    return value


def test_every_type_has_cases() -> None:
    assert {case.parent.name for case in CASES} == set(TYPES)


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_case(case: Path) -> None:
    expected = case / "expected.json"
    found = json.dumps(shown(parse(case)), indent=1, ensure_ascii=False) + "\n"
    if os.environ.get("GOLDEN"):
        expected.write_text(found)
    assert found == expected.read_text()


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_the_same_bytes_are_read_the_same_way(case: Path) -> None:
    assert parse(case) == parse(case)


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_what_is_of_another_kind_is_refused(name: str, body: bytes) -> None:
    case = next(case for case in CASES if case.parent.name == name)
    with pytest.raises(ParseError, match=r"\w{4}"):
        parse(case, body)


@pytest.mark.parametrize("case", CASES, ids=name_of)
@pytest.mark.parametrize("tenths", range(1, 10))
def test_a_document_that_breaks_off_is_refused(case: Path, tenths: int) -> None:
    body = document_of(case, source_of(case)).body.rstrip()
    try:
        found = parse(case, body[: len(body) * tenths // 10])
    except ParseError:
        return
    assert case.parent.name in OPEN_ENDED
    links = [item.link for item in found.items]
    assert links == [item.link for item in parse(case).items][: len(links)]


@pytest.mark.parametrize("name", TYPES)
def test_the_start_is_the_location(name: str) -> None:
    source = source_of(next(case for case in CASES if case.parent.name == name))
    assert TYPES[name].start(source).url == source.location


@pytest.mark.parametrize("name", TYPES)
def test_types_are_named_by_their_models(name: str) -> None:
    assert TYPES[name].name == name
    assert TYPES[name].model.model_json_schema()["properties"]["type"]["const"] == name
