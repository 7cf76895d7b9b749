"""Which pages may anybody see, at which addresses?"""

import json

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from feedsvc.formats.opml import opml
from feedsvc.model import FORMATS
from feedsvc.services import Services
from feedsvc.web import health, views, words
from feedsvc.web.assets import Assets
from feedsvc.web.errors import answer
from feedsvc.web.former import former
from feedsvc.web.glance import Glance

public = Blueprint("public", __name__)

FOR_GOOD = "public, max-age=31536000, immutable"
A_DAY = "public, max-age=86400"


@public.get("/")
def index() -> str:
    return render_template("index.html", index=views.index(_services(), _glance()))


@public.get("/all/")
def everything() -> AnyResponse | str:
    return _page("all")


@public.get("/c/<category>/")
def category(category: str) -> AnyResponse | str:
    return _page(f"c/{category}")


def _page(key: str) -> AnyResponse | str:
    gone = former(_services(), key)
    if gone is not None:
        return gone
    text = request.args.get("before")
    before = None if text is None else words.read_cursor(text)
    if text is not None and before is None:
        abort(400)
    return render_template(
        "feed.html", page=views.page(_services(), _glance(), key, before), first=before is None
    )


@public.get("/<key>.<any(rss, atom, json):format>")
@public.get("/c/<category>.<any(rss, atom, json):format>")
def feed(format: str, key: str = "", category: str = "") -> AnyResponse:
    """A feed that is not finished: the fast path has all others."""
    gone = former(_services(), key or f"c/{category}")
    return gone or answer(503, "This feed is being made. Try again in a few seconds.")


@public.get("/opml.xml")
def subscriptions() -> Response:
    config = _services().config()
    response = Response(opml(config.site.title, views.feeds(_services(), _glance())), mimetype="text/x-opml")
    response.headers["Content-Disposition"] = 'inline; filename="feeds.opml"'
    return response


@public.get("/healthz")
def healthz() -> Response:
    return _unstored(Response(f"{health.health(_services())}\n", mimetype="text/plain"))


@public.get("/readyz")
def readyz() -> Response:
    found = health.readiness(_services(), current_app.extensions["feedsvc.front"].fast)
    body = json.dumps(found.facts, indent=1) + "\n"
    return _unstored(Response(body, 200 if found.ready else 503, mimetype="application/json"))


@public.get("/robots.txt")
def robots() -> Response:
    """Everything public may be indexed; so may the feeds, which are the point of the site."""
    return Response("User-agent: *\nDisallow:\n", mimetype="text/plain")


@public.get("/favicon.ico")
def favicon() -> Response:
    return _asset("favicon.ico", A_DAY)


@public.get("/static/<digest>/<name>")
def asset(digest: str, name: str) -> AnyResponse:
    found = _assets().by_name.get(name)
    if found is None:
        abort(404)
    if found.digest != digest:
        return redirect(url_for("public.asset", digest=found.digest, name=name))
    return _asset(name, FOR_GOOD)


def _asset(name: str, cache: str) -> Response:
    found = _assets().by_name[name]
    response = Response(found.body, content_type=found.media_type)
    response.headers["Cache-Control"] = cache
    return response


@public.app_context_processor
def _shared() -> dict[str, object]:
    """What every template may use. Error pages too: nothing here fails without a store."""
    return {
        "asset": _asset_address,
        "count": words.count,
        "formats": FORMATS,
        "site": views.site(_services()),
    }


def _asset_address(name: str) -> str:
    return url_for("public.asset", digest=_assets().by_name[name].digest, name=name)


def _unstored(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def _services() -> Services:
    services = current_app.extensions["feedsvc.services"]
    assert isinstance(services, Services)
    return services


def _glance() -> Glance:
    glance = current_app.extensions["feedsvc.glance"]
    assert isinstance(glance, Glance)
    return glance


def _assets() -> Assets:
    assets = current_app.extensions["feedsvc.assets"]
    assert isinstance(assets, Assets)
    return assets
