"""Which pages may anybody see, at which addresses?"""

import json
from dataclasses import replace

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from feedsvc.formats.opml import opml
from feedsvc.formats.sitemap import sitemap
from feedsvc.model import FORMATS, Format
from feedsvc.ondemand import Asked, asked, is_kept
from feedsvc.refine.search import LONGEST
from feedsvc.services import Services
from feedsvc.web import health, views, words
from feedsvc.web.assets import Assets
from feedsvc.web.errors import answer
from feedsvc.web.former import former
from feedsvc.web.glance import Glance
from feedsvc.web.ondemand import given
from feedsvc.web.private import ALLOWED
from feedsvc.web.qr import qr
from feedsvc.web.searching import Choice, Choosing, choice, found_page
from feedsvc.web.tongue import tongue

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


@public.get("/s/<source>/")
def source(source: str) -> AnyResponse | str:
    return _page(f"s/{source}")


@public.get("/v/<view>/")
def saved(view: str) -> AnyResponse | str:
    return _page(f"v/{view}")


def _page(key: str) -> AnyResponse | str:
    services = _services()
    gone = former(services, key)
    if gone is not None:
        return gone
    choosing: Choosing = current_app.extensions["feedsvc.choosing"]
    wanted = asked(services.config(), key, given(request.query_string.decode("latin-1")))
    form = None if key.startswith("v/") else choice(services, choosing, wanted, _typed())
    if not (is_kept(services.config(), wanted) and services.config().is_public(key)):
        return _found(wanted, form)
    text = request.args.get("before")
    before = None if text is None else words.read_cursor(text)
    if text is not None and before is None:
        abort(400)
    return render_template(
        "feed.html",
        page=views.page(services, _glance(), key, before),
        first=before is None,
        choice=form,
        asked="",
    )


def _found(wanted: Asked, form: Choice | None) -> str:
    """The page of a feed that is made when asked for."""
    text = request.args.get("before")
    if text is not None and not (text.isascii() and text.isdigit() and len(text) < 20):
        abort(400)
    before = None if text is None else int(text)
    page = found_page(_services(), _glance(), wanted, before)
    private = not page.card.urls
    if private:
        page = replace(page, card=replace(page.card, urls=_reached_by(wanted)))
    return render_template(
        "feed.html",
        page=page,
        first=before is None,
        choice=form,
        asked=f"?{wanted.filters}" if wanted.filters else "",
        private=private,
    )


def _reached_by(wanted: Asked) -> dict[Format, str]:
    """The addresses of a private feed as who asks has them: with the token, if it is in there."""
    _, token, secret = request.script_root.rpartition("/t/")
    base = _services().config().base_url()
    start = f"{base}/t/{secret}" if token and ALLOWED in request.environ else base
    end = f"?{wanted.filters}" if wanted.filters else ""
    return {form: f"{start}/{wanted.key}.{form}{end}" for form in FORMATS}


def _typed() -> str:
    return " ".join(request.args.getlist("q"))[:LONGEST]


@public.get("/<key>.<any(rss, atom, json):format>")
@public.get("/c/<category>.<any(rss, atom, json):format>")
@public.get("/s/<source>.<any(rss, atom, json):format>")
@public.get("/v/<view>.<any(rss, atom, json):format>")
def feed(format: str, key: str = "", **below: str) -> AnyResponse:
    """A feed that is not finished and cannot be made now: all others are answered before."""
    kind, name = next(iter(below.items()), ("", ""))
    key = key or f"{kind[0]}/{name}"
    gone = former(_services(), key)
    if gone is None:
        asked(_services().config(), key, given(request.query_string.decode("latin-1")))  # NotFound
    return gone or answer(503, "This feed is being made. Try again in a few seconds.")


@public.get("/opml.xml")
def subscriptions() -> AnyResponse:
    category = request.args.get("category")
    return _subscriptions(None if category is None else f"c/{category}")


@public.get("/c/<category>/opml.xml")
def subscriptions_of(category: str) -> AnyResponse:
    return _subscriptions(f"c/{category}")


def _subscriptions(key: str | None) -> AnyResponse:
    """The public feeds as OPML: all of them, or that of one category."""
    services = _services()
    gone = None if key is None else former(services, key)
    if gone is not None:
        return gone
    listed = [one for one in views.feeds(services, _glance()) if key in {None, one.key}]
    if key is not None and not listed:
        abort(404)
    title = services.config().site.title if key is None else listed[0].title
    response = Response(opml(title, listed), mimetype="text/x-opml")
    response.headers["Content-Disposition"] = 'inline; filename="feeds.opml"'
    return response


@public.get("/sitemap.xml")
def pages() -> Response:
    return Response(sitemap(views.addresses(_services(), _glance())), mimetype="application/xml")


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
    where = f"{_services().config().base_url()}/sitemap.xml"
    return Response(f"User-agent: *\nDisallow:\n\nSitemap: {where}\n", mimetype="text/plain")


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
        "qr": qr,
        "tongue": tongue,
        "formats": FORMATS,
        "site": views.site(_services()),
        "still": current_app.config.get("STILL", False),  # a page that is kept as a file
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
