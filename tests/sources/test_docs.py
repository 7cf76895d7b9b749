"""Do the docs of the source types name every option, and do their examples hold?"""

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from feedsvc.model import Source
from feedsvc.sources import TYPES

DOCS = Path(__file__).parents[2] / "docs" / "sources"


def test_there_is_a_page_for_every_type_and_no_other() -> None:
    assert {page.stem for page in DOCS.glob("*.md")} == set(TYPES)


@pytest.mark.parametrize("name", TYPES)
def test_every_option_has_a_heading(name: str) -> None:
    headings = set(re.findall(r"^## (\w+)$", (DOCS / f"{name}.md").read_text(), re.MULTILINE))
    own = {"type", *TYPES[name].model.model_fields} - (set(Source.model_fields) - {"type"})
    assert own <= headings


@pytest.mark.parametrize("name", TYPES)
def test_the_options_that_all_share_are_where_the_page_says(name: str) -> None:
    assert "(../configuration.md" in (DOCS / f"{name}.md").read_text()
    told = (DOCS.parent / "configuration.md").read_text()
    assert all(f"### `sources.{option}`" in told for option in Source.model_fields)


@pytest.mark.parametrize("name", TYPES)
def test_the_example_is_valid(name: str) -> None:
    examples = re.findall(r"^```yaml\n(.*?)^```", (DOCS / f"{name}.md").read_text(), re.MULTILINE | re.DOTALL)
    sources = [one for text in examples for one in YAML(typ="safe", pure=True).load(text)["sources"]]
    assert sources
    for fields in sources:
        assert TYPES[name].model.model_validate(fields).type == name
