"""How is the newspaper of the tests served: which addresses does it have?"""

import ipaddress
from datetime import UTC, datetime

from flask import Flask, Response, abort, jsonify, request
from flask.typing import ResponseReturnValue

from tests.site import machines, pages, walls
from tests.site.paper import WALLS, Paper
from tests.site.stories import SECTIONS, Story


def create_app(paper: Paper) -> Flask:
    app = Flask(__name__, static_url_path="/static")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    @app.before_request
    def guard() -> ResponseReturnValue | None:
        paper.note(request.full_path.removesuffix("?"))
        kind = paper.walls.get(request.path)
        return walls.answer(kind) if kind else None

    app.register_blueprint(walls.blueprint())
    app.register_blueprint(machines.blueprint(paper))
    app.register_blueprint(pages.blueprint(paper))
    _control(app, paper)
    return app


def _control(app: Flask, paper: Paper) -> None:
    """The editors' desk, for this machine only."""

    @app.before_request
    def only_here() -> None:
        if request.path.startswith("/control/") and not _is_loopback(request.remote_addr):
            abort(403)

    @app.post("/control/publish")
    def publish() -> Response:
        """The next story from the drawer, or the one that is submitted."""
        printed = paper.publish(_submitted()) if request.form else paper.publish_next(datetime.now(UTC))
        return jsonify(path=printed.path if printed else None, title=printed.title if printed else None)

    @app.post("/control/design")
    def design() -> Response:
        paper.design = 2 if request.form.get("design") == "2" else 1
        return jsonify(design=paper.design)

    @app.post("/control/wall")
    def wall() -> Response:
        """Put something before a path; without a kind, take it away."""
        path, named = request.form.get("path", ""), request.form.get("kind", "")
        kind = next((one for one in WALLS if one == named), None)
        paper.walls.pop(path, None)
        if kind:
            paper.walls[path] = kind
        return jsonify(paper.walls)


def _is_loopback(address: str | None) -> bool:
    return address is not None and ipaddress.ip_address(address).is_loopback


def _submitted() -> Story:
    form = request.form
    if form.get("section") not in SECTIONS or not form.get("slug") or not form.get("title"):
        abort(400, f"a story needs slug, title and a section out of {', '.join(SECTIONS)}")
    return Story(
        slug=form["slug"],
        section=form["section"],
        title=form["title"],
        authors=(form.get("by", "The Editors"),),
        published=datetime.now(UTC).replace(second=0, microsecond=0),
        style="plain",
        tags=(),
        lead=form.get("lead", ""),
        pages=(form.get("text", form["title"]),),
    )
