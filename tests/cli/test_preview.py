"""preview of pages: what is it, how was it found, and what would selectors find?"""

import pytest
from pytest_httpserver import HTTPServer

from tests.cli.conftest import Project

ITEM = '<li class="row"><b>2 May 2026</b> <a href="/news/{0}">A story with the number {0}</a> <i>{1}</i></li>'
ROWS = "".join(ITEM.format(*row) for row in ((11, "Ann Lee"), (12, "Bo Day"), (13, "Cy Fox")))
PAGE = f"<html><head><title>News</title></head><body><ul>{ROWS}</ul></body></html>"
SITEMAP = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    "<url><loc>https://a.example/news/storm-closes-three-schools</loc></url></urlset>"
)


@pytest.fixture
def page_file(project: Project) -> str:
    (project.root / "news.html").write_text(PAGE)
    return "news.html"


def test_a_page_is_known_by_its_bytes(project: Project, page_file: str) -> None:
    shown = project.lines("preview", page_file, "--url", "https://a.example/news")
    assert [(one["file"], one["title"], one["link"], one["published"]) for one in shown] == [
        (
            "news.html",
            f"A story with the number {number}",
            f"https://a.example/news/{number}",
            "2026-05-02T00:00:00Z",
        )
        for number in (11, 12, 13)
    ]
    assert all(one["evidence"].startswith("repeated blocks (0.") for one in shown)


def test_an_address_is_fetched_once(project: Project, httpserver: HTTPServer) -> None:
    httpserver.expect_ordered_request("/news").respond_with_data(PAGE, content_type="text/html")
    shown = project.run("preview", httpserver.url_for("/news"))
    assert shown.exit_code == 0
    assert "A story with the number 12" in shown.stdout
    assert len(httpserver.log) == 1


def test_the_evidence_stands_in_the_table(project: Project, page_file: str) -> None:
    assert "found by" in project.ok("preview", page_file)
    assert "repeated blocks (0." in project.ok("preview", page_file)


def test_selectors_are_tried_out(project: Project, page_file: str) -> None:
    options = ("--item", "li.row", "--title", "i ::text", "--date", "b ::text", "--url", "https://a.example/")
    shown = project.lines("preview", page_file, *options)
    assert [one["title"] for one in shown] == ["Ann Lee", "Bo Day", "Cy Fox"]
    assert {one["evidence"] for one in shown} == {"selectors"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--item", "li["), "is no CSS selector: 'li['"),
        (("--item", "li.card"), "nothing on https://unknown.invalid/ is what item says: 'li.card'"),
        (("--item", "li", "--type", "feed"), "item"),
    ],
)
def test_selectors_that_find_nothing(
    project: Project, page_file: str, options: tuple[str, ...], message: str
) -> None:
    result = project.run("preview", page_file, *options)
    assert result.exit_code == 1
    assert message in result.stderr


def test_selectors_are_for_pages(project: Project) -> None:
    result = project.run("preview", "spring", "--item", "li")
    assert result.exit_code == 1
    assert "spring is of type feed: selectors are for pages" in result.stderr


def test_a_sitemap_is_known_by_its_bytes(project: Project) -> None:
    shown = project.run("preview", "-", "--url", "https://a.example/sitemap.xml", stdin=SITEMAP)
    assert "https://a.example/news/storm-closes-three-schools" in shown.stdout


def test_what_is_nothing_of_all_this_is_told_as_a_feed_would_be(project: Project) -> None:
    result = project.run("preview", "-", stdin="Not found")
    assert result.exit_code == 1
    assert "came instead of a feed" in result.stderr
