"""How is a page of a feed's history answered (RFC 5005 4)?

Each is read from the store as it is asked for, compressed as it is kept; it changes so rarely that caches
in front do the rest.
"""

import gzip
from typing import Final

from flask import Blueprint, Response, current_app, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from feedsvc.model import FORMATS, ArchivePage, Coding, Format
from feedsvc.services import Services
from feedsvc.web import http
from feedsvc.web.errors import answer
from feedsvc.web.former import former

archive = Blueprint("archive", __name__)

A_DAY: Final = "public, max-age=86400, stale-if-error=86400"
SOON: Final = "public, max-age=60"
NO_SUCH_PAGE: Final = "The feed has no such page."
KEPT: Final[tuple[Coding, ...]] = ("gzip", "identity")  # smallest first


@archive.get("/<key>/archive/<int:number>.<any(rss, atom, json):format>")
@archive.get("/c/<category>/archive/<int:number>.<any(rss, atom, json):format>")
def page(number: int, format: Format, key: str = "", category: str = "") -> AnyResponse:
    services: Services = current_app.extensions["feedsvc.services"]
    key = key or f"c/{category}"
    gone = former(services, key)
    if gone is not None:
        return gone
    if not services.config().is_public(key):  # pages of its history would have to name the token
        return answer(404, NO_SUCH_PAGE)
    found = services.store.archive_page(key, number, format)
    return _missing(services, key, number, format) if found is None else _answer(services, found)


def _missing(services: Services, key: str, number: int, format: Format) -> AnyResponse:
    last = services.store.last_archive(key)
    if 0 < number <= last:
        return answer(410, "Articles that old are not kept here any more.")
    if number != last + 1:
        return answer(404, NO_SUCH_PAGE)
    response = redirect(f"{services.config().base_url()}/{key}.{format}", 307)
    response.headers["Cache-Control"] = SOON
    return response


def _answer(services: Services, found: ArchivePage) -> Response:
    coding = http.choose_coding(request.headers.get("Accept-Encoding", ""), KEPT)
    tag = http.entity_tag(found.etag, coding)
    common = http.common_headers(A_DAY)
    if _unmodified(found):
        return Response(status=304, headers=http.unmodified_headers(common, tag))
    body = found.body if coding == "gzip" else gzip.decompress(found.body)
    headers = http.full_headers(
        common,
        format=found.format,
        coding=coding,
        tag=tag,
        modified=http.http_date(found.last_modified),
        link=_links(services, found),
        size=len(body),
    )
    return Response(body, headers=headers)


def _links(services: Services, found: ArchivePage) -> str:
    config = services.config()
    urls = {form: config.archive_url(found.feed_key, found.number, form) for form in FORMATS}
    live = config.feed(found.feed_key, updated=found.last_modified, tag=services.tag)
    return (
        f'{http.link_header(urls, found.format, live.page_url)}, <{live.urls[found.format]}>; rel="current"'
    )


def _unmodified(found: ArchivePage) -> bool:
    tags = request.headers.get("If-None-Match")
    if tags is not None:
        return http.none_match(tags, found.etag)
    since = request.headers.get("If-Modified-Since")
    return since is not None and not http.modified_since(since, found.last_modified)
