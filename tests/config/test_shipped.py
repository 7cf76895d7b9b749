import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import BaseModel

from feedsvc.config import Category, Config, Defaults, Environment, Fetch, Site, View, Wanted, advice, load
from feedsvc.fetch import Fetcher
from feedsvc.model import Document
from feedsvc.sources import TYPES

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def shipped() -> Config:
    return load(ROOT / "config", Environment())


def test_the_shipped_config_is_valid_and_calm(shipped: Config) -> None:
    assert [source.id for source in shipped.sources if source.enabled] == ["about"]
    assert sum(not source.enabled for source in shipped.sources) == 12
    assert len({name for source in shipped.sources for name in source.categories}) == len(shipped.categories)


def test_the_only_advice_is_what_nobody_else_can_know(shipped: Config) -> None:
    assert [line.partition(" ")[0] for line in advice(shipped)] == ["site.url", "site.contact"]


def test_the_articles_about_feedsvc_can_be_read(shipped: Config) -> None:
    source = shipped.source("about")
    kind = TYPES[source.type]
    fetcher = Fetcher(
        timeout=shipped.fetch.timeout, max_bytes=shipped.fetch.max_bytes, user_agent="feedsvc test"
    )
    document = fetcher.get(kind.start(source))
    fetcher.close()
    assert isinstance(document, Document)
    parsed = kind.parse(source, document)
    assert len(parsed.items) >= 8
    assert parsed.rejected == ()
    for item in parsed.items:
        assert item.title
        assert item.published is not None
        assert item.published < datetime(2026, 3, 1, tzinfo=UTC)
        assert item.authors
        assert item.tags


def test_every_setting_has_a_heading_in_the_docs() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    headings = {line.removeprefix("### ") for line in text.splitlines() if line.startswith("### ")}
    sections: dict[str, type[BaseModel]] = {
        "site": Site,
        "defaults": Defaults,
        "fetch": Fetch,
        "categories": Category,
        "feeds": View,
        "feeds.query": Wanted,
    }
    wanted = {f"`{name}.{field}`" for name, model in sections.items() for field in model.model_fields}
    wanted |= {f"`FEEDSVC_{name.upper()}`" for name in Environment.model_fields}
    common = set.intersection(*(set(kind.model.model_fields) for kind in TYPES.values()))
    wanted |= {f"`sources.{field}`" for field in common}
    wanted |= {"Source types", "Secrets"}
    assert headings == wanted


def test_every_source_type_is_named_in_the_docs() -> None:  # its options have headings on its own page
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert {name for name in TYPES if f"[`{name}`](sources/{name}.md)" in text} == set(TYPES)


def test_the_defaults_in_the_docs_are_the_real_ones() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    sections = {part.split("\n", 1)[0]: part for part in text.split("\n### ")[1:]}
    for name, model in {"site": Site, "defaults": Defaults, "fetch": Fetch}.items():
        written = model().model_dump(mode="json")
        for field, value in written.items():
            if value not in (None, "", []):
                shown = json.dumps(value).strip('"')
                assert f"efault: `{shown}`" in sections[f"`{name}.{field}`"], field
