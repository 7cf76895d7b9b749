"""A project of its own for each test: a config, a database, an origin, and the command line run on them."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from pytest_httpserver import HTTPServer

from feedsvc.cli import cli

MAIN = """\
site: {title: Example feeds, url: "https://feeds.example.org", contact: feeds@example.org}
fetch: {allow: ["127.0.0.0/8"], timeout: 5s}
categories:
  - {id: world, title: World}
  - {id: notes, title: Notes}
"""
RSS = """\
<rss version="2.0"><channel><title>The Spring</title><link>https://spring.example/</link>
<item><title>Snow melts</title><guid isPermaLink="false">urn:x:1</guid><link>https://spring.example/1</link>
<pubDate>Mon, 02 Feb 2026 10:00:00 GMT</pubDate><description>&lt;p&gt;At last.&lt;/p&gt;</description></item>
<item><title>Birds sing</title><guid isPermaLink="false">urn:x:2</guid><link>https://spring.example/2</link>
<pubDate>Tue, 03 Feb 2026 10:00:00 GMT</pubDate><description>Early.</description></item>
</channel></rss>
"""


class Project:
    """A directory with ``config/`` and a database; ``run`` is the command line inside it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.main = root / "config" / "feedsvc.yaml"
        self.news = root / "config" / "sources" / "news.yaml"

    def run(self, *arguments: str, stdin: str | bytes | None = None) -> Result:
        result = CliRunner().invoke(cli, arguments, prog_name="feedsvc", input=stdin)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    def ok(self, *arguments: str, stdin: str | bytes | None = None) -> str:
        """What a command that succeeds writes to stdout."""
        result = self.run(*arguments, stdin=stdin)
        assert result.exit_code == 0, result.output
        return result.stdout

    def lines(self, *arguments: str) -> list[dict[str, Any]]:
        """The JSON values that a command that succeeds writes."""
        return [json.loads(line) for line in self.ok("--json", *arguments).splitlines()]


@pytest.fixture
def bare(tmp_path: Path, sqlite_empty: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project without a config; nothing of the machine's own environment gets in."""
    for name in ("CONFIG", "DATABASE_URL", "HOST", "PORT"):
        monkeypatch.delenv(f"FEEDSVC_{name}", raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    shutil.copy(sqlite_empty, tmp_path / "data" / "feedsvc.db")
    return Project(tmp_path)


@pytest.fixture
def project(bare: Project, httpserver: HTTPServer) -> Project:
    """Three sources: ``spring`` works, ``gone`` answers 404, ``idle`` is paused."""
    httpserver.expect_request("/spring").respond_with_data(RSS, content_type="application/rss+xml")
    httpserver.expect_request("/gone").respond_with_data("no", status=404)
    bare.news.parent.mkdir(parents=True)
    bare.main.write_text(MAIN)
    bare.news.write_text(
        "# What we read.\nsources:\n"
        f"  - {{id: spring, type: feed, url: '{httpserver.url_for('/spring')}', categories: [world]}}\n"
        f"  - {{id: gone, type: feed, url: '{httpserver.url_for('/gone')}', categories: [world]}}\n"
        f"  - {{id: idle, type: feed, url: '{httpserver.url_for('/idle')}', enabled: false}}\n"
    )
    return bare
