"""What do programs read: robots.txt, sitemaps, the API, the blog's feed?"""

import base64
import gzip
from datetime import timedelta
from typing import Any, Final

from flask import Blueprint, Response, abort, jsonify, render_template, request

from tests.site.paper import Paper
from tests.site.stories import ENGLISH, Story

BATCH: Final = 6  # articles in an answer of the API
NEWS_FOR: Final = timedelta(days=2)  # what the news sitemap holds


def blueprint(paper: Paper) -> Blueprint:
    made = Blueprint("machines", __name__)
    _sitemaps(made, paper)
    _api(made, paper)

    @made.get("/blog/feed.xml")
    def feed() -> Response:
        return _xml("feed.xml", stories=paper.section("blog"), root=_root())

    return made


def _sitemaps(made: Blueprint, paper: Paper) -> None:
    @made.get("/robots.txt")
    def robots() -> Response:
        lines = "User-agent: *", "Disallow: /control/", "", f"Sitemap: {_root()}/sitemap.xml", ""
        return Response("\n".join(lines), mimetype="text/plain")

    @made.get("/sitemap.xml")
    def index() -> Response:
        return _xml("sitemap.xml", root=_root(), newest=paper.latest()[0].published)

    @made.get("/sitemaps/news.xml")
    def news() -> Response:
        fresh = [one for one in paper.latest() if paper.base - one.published < NEWS_FOR]
        return _xml("news.xml", root=_root(), stories=fresh)

    @made.get("/sitemaps/archive.xml.gz")
    def archive() -> Response:
        text = render_template("archive.xml", root=_root(), stories=paper.latest())
        return Response(gzip.compress(text.encode(), mtime=0), mimetype="application/gzip")

    @made.get("/sitemaps/pages.xml")
    def pages() -> Response:
        return _xml(
            "pages.xml", root=_root(), paths=[f"/{name}/" for name in ENGLISH] + ["/about", "/imprint"]
        )


def _api(made: Blueprint, paper: Paper) -> None:
    @made.get("/api/articles")
    def articles() -> Response:
        """By cursor, newest first; with a key where the paper has one."""
        if paper.api_key and request.headers.get("X-Api-Key") != paper.api_key:
            abort(401)
        found, start = paper.latest(), _position(request.args.get("cursor"))
        more = start + BATCH < len(found)
        batch = [_as_json(story) for story in found[start : start + BATCH]]
        return jsonify(data={"articles": batch, "next": _cursor(start + BATCH) if more else None})

    @made.get("/api/live")
    def live() -> Response:
        return jsonify([_as_json(story) for story in paper.section("live")])


def _as_json(story: Story) -> dict[str, Any]:
    return {
        "id": f"courier-{story.section}-{story.slug}",
        "headline": story.title,
        "url": story.path,
        "teaser": f"<p>{story.lead}</p>",
        "section": story.section,
        "bylines": [{"name": name} for name in story.authors],
        "time": {"published": story.published.isoformat()},
    }


def _cursor(position: int) -> str:
    return base64.urlsafe_b64encode(f"at:{position}".encode()).decode()


def _position(cursor: str | None) -> int:
    if cursor is None:
        return 0
    try:
        return int(base64.urlsafe_b64decode(cursor).decode().removeprefix("at:"))
    except ValueError:
        abort(400, "no such cursor")


def _root() -> str:
    return request.host_url.rstrip("/")


def _xml(template: str, **values: Any) -> Response:
    return Response(render_template(template, **values), mimetype="application/xml")
