"""Are the documents the ones that were looked at and kept? ``GOLDEN=1`` rewrites them."""

import os
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from feedsvc.formats import render
from feedsvc.formats.opml import opml
from feedsvc.model import FORMATS, Format

GOLDEN = Path(__file__).parent / "golden"
CASES = ("bare", "empty", "full", "links", "nasty", "plain", "podcast", "private", "rtl")


def check(name: str, body: bytes) -> None:
    path = GOLDEN / name
    if os.environ.get("GOLDEN") == "1":
        path.write_bytes(body)
    assert body == path.read_bytes()


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", CASES)
def test_document_is_the_kept_one(name: str, form: Format, all_cases: dict[str, Any]) -> None:
    case = all_cases[name]
    body, dropped = render(form, case.feed, case.entries, links=case.links)
    assert dropped == ()
    check(f"{name}.{form}", body)


def test_opml_is_the_kept_one(all_cases: dict[str, Any]) -> None:
    feeds = [all_cases[name].feed for name in ("full", "rtl", "bare")]
    check("feeds.opml", opml("Feeds & <more>", feeds))


def test_every_kept_document_is_checked(all_cases: dict[str, Any]) -> None:
    kept = {path.name for path in GOLDEN.iterdir()}
    assert kept == {f"{name}.{form}" for name in CASES for form in FORMATS} | {"feeds.opml"}
    assert set(CASES) == set(all_cases)


@pytest.mark.parametrize("name", CASES)
def test_xml_is_well_formed_utf8_with_lines(name: str) -> None:
    for form in ("rss", "atom"):
        body = (GOLDEN / f"{name}.{form}").read_bytes()
        etree.fromstring(body, etree.XMLParser(recover=False, resolve_entities=False))
        assert body.startswith(b"<?xml version='1.0' encoding='UTF-8'?>\n")
        assert body.count(b"\n") > 10
