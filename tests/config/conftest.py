"""A config directory that each test changes as it needs."""

from collections.abc import Callable
from pathlib import Path

import pytest

MAIN = """\
site: {title: Example feeds, url: "https://feeds.example.org", language: en, contact: feeds@example.org}
defaults: {every: 15m, limit: 50}
fetch: {allow: ["127.0.0.0/8"], timeout: 20s, max_bytes: 10MB}
categories:
  - {id: world, title: World, description: "...", language: en, limit: 50}
  - {id: about, title: About}
"""
SOURCES = """\
sources:
  - {id: example-news, type: feed, url: "https://example.org/rss", categories: [world], every: 15m}
  - {id: notes, type: folder, path: ../notes, categories: [about]}
"""

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """``write(main=..., news=...)``: a config directory of those files, which is returned."""

    def write_files(main: str = MAIN, **sources: str) -> Path:
        directory = tmp_path / "config"
        (directory / "sources").mkdir(parents=True, exist_ok=True)
        (directory / "feedsvc.yaml").write_text(main, encoding="utf-8")
        for name, text in (sources or {"news": SOURCES}).items():
            (directory / "sources" / f"{name}.yaml").write_text(text, encoding="utf-8")
        return directory

    return write_files
