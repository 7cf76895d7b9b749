"""Does ``feedsvc validate`` tell what is wrong with addresses and files, readably and by its exit code?"""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.cli.conftest import Project

NOW = datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S +0000")
AT = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>
<title>News</title><link>https://news.example/</link><description>All</description>
<atom:link rel="self" href="{url}"/>
<item><title>One</title><guid isPermaLink="false">tag:news.example,2026:1</guid></item>
</channel></rss>
"""
FEED = AT.format(url="https://news.example/rss")


def written(path: Path, text: str) -> str:
    path.write_text(text)
    return str(path)


def test_a_valid_file(project: Project, tmp_path: Path) -> None:
    name = written(tmp_path / "a.rss", FEED)
    found = project.run("validate", name)
    assert (found.exit_code, found.stdout) == (0, f"{name}: RSS 2.0, 1 entry: valid\n")


def test_findings_of_one_rule_are_told_together(project: Project, tmp_path: Path) -> None:
    name = written(tmp_path / "a.rss", FEED.replace("<item>", "<item><enclosure/>\n</item>\n<item>"))
    found = project.run("validate", name)
    assert found.exit_code == 1
    assert found.stdout.splitlines() == [
        f"{name}: RSS 2.0, 2 entries: 4 errors, 1 warning",
        "  error     line 5: item 1: enclosure has no attribute url (attribute-missing)",
        "            2 more, line 5",
        "            Add it.",
        "  error     line 5: item 1 has neither title nor text (nothing-to-read)",
        "            Add one of them.",
        "  warning   line 5: item 1 has no guid (id-missing)",
        "            Add one that never changes, or edits come as news.",
    ]


def test_warnings_fail_only_if_they_shall(project: Project, tmp_path: Path) -> None:
    name = written(tmp_path / "a.rss", FEED.replace("tag:news.example,2026:1", "17"))
    assert project.run("validate", name).exit_code == 0
    assert project.run("validate", "--strict", name).exit_code == 1


def test_machine_output(project: Project, tmp_path: Path) -> None:
    name = written(tmp_path / "a.rss", FEED.replace("<title>One</title>", ""))
    found = project.run("validate", "--json", name)
    first, last = map(json.loads, found.stdout.splitlines())
    assert (first["file"], first["code"], first["line"], first["place"]) == (
        name,
        "nothing-to-read",
        5,
        "item 1",
    )
    assert last == {"file": name, "format": "RSS 2.0", "entries": 1, "errors": 1, "warnings": 0}


def test_packed_files_several_and_stdin(project: Project, tmp_path: Path) -> None:
    packed = tmp_path / "a.rss.gz"
    packed.write_bytes(gzip.compress(FEED.encode()))
    page = written(tmp_path / "a.html", "<html/>")
    found = project.run("validate", str(packed), page, str(tmp_path / "none"), "-", stdin=FEED)
    assert found.exit_code == 1
    assert [line.rpartition(": ")[2] for line in found.stdout.splitlines() if not line.startswith(" ")] == [
        "valid",
        "1 error",
        "valid",
    ]
    assert "No such file or directory" in found.stderr


def test_an_address_is_asked_twice(project: Project, httpserver: HTTPServer) -> None:
    url = httpserver.url_for("/rss")
    asked = []

    def answer(request: Request) -> Response:
        asked.append(request.headers.get("If-None-Match"))
        headers = {"ETag": '"1"', "Cache-Control": "max-age=300"}
        if request.headers.get("If-None-Match") == '"1"':
            return Response(status=304, headers=headers)
        return Response(AT.format(url=url), content_type="application/rss+xml", headers=headers)

    httpserver.expect_request("/rss").respond_with_handler(answer)
    found = project.run("validate", url)
    assert (found.exit_code, found.stdout) == (0, f"{url}: RSS 2.0, 1 entry: valid\n")
    assert asked == [None, '"1"']


def test_how_it_is_served_is_told(project: Project, httpserver: HTTPServer) -> None:
    url = httpserver.url_for("/rss")
    httpserver.expect_request("/rss").respond_with_data(
        AT.format(url="https://b.example/"), content_type="text/html"
    )
    found = project.run("validate", "--json", url)
    told = {json.loads(line).get("code") for line in found.stdout.splitlines()}
    assert told == {"http-type-wrong", "http-cache", "http-validators", "self-differs", None}
    assert found.exit_code == 1


def test_an_address_that_cannot_be_had(project: Project, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/rss").respond_with_data("", status=404)
    found = project.run("validate", httpserver.url_for("/rss"))
    assert (found.exit_code, found.stdout) == (1, "")
    assert "404" in found.stderr
