"""What is the web application, whole? ``create_app`` builds it; any WSGI server can run it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from flask import Flask

from feedsvc.services import Services
from feedsvc.web.archive import archive
from feedsvc.web.article import article
from feedsvc.web.assets import Assets
from feedsvc.web.errors import register_errors
from feedsvc.web.fastpath import FastPath, ahead
from feedsvc.web.glance import Glance
from feedsvc.web.hub import hub
from feedsvc.web.mount import mounted
from feedsvc.web.ondemand import OnDemand, before
from feedsvc.web.private import Private, guarded
from feedsvc.web.public import public
from feedsvc.web.searching import Choosing
from feedsvc.web.status import Board, status
from feedsvc.web.wire import finish

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

LARGEST_BODY: Final = 64 * 1024  # bytes; what hubs push to us may be larger (web/hub.py)
_FRONT: Final = "feedsvc.front"


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """The two halves of the application, for a server that runs each on its own threads."""

    fast: FastPath
    pages: WsgiApp


def create_app(services: Services) -> Flask:
    """The application: finished feeds from memory, and Flask behind them for everything else."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    fast = FastPath(services)
    glance = Glance(services, fast)
    made = OnDemand(services, fast)
    door = Private(services, made)
    pages = mounted(guarded(door, before(made, app.wsgi_app)), services)
    app.extensions.update(
        {
            "feedsvc.services": services,
            "feedsvc.assets": Assets.load(),
            "feedsvc.glance": glance,
            "feedsvc.ondemand": made,
            "feedsvc.choosing": Choosing(services, fast),
            "feedsvc.board": Board(services, glance),
            _FRONT: Front(fast=fast, pages=pages),
        }
    )
    app.register_blueprint(public)
    app.register_blueprint(archive)
    app.register_blueprint(article)
    app.register_blueprint(status)
    app.register_blueprint(hub)
    app.after_request(finish)
    register_errors(app)
    # Flask's own way to put WSGI middleware in; as an assignment it would not pass for typed code.
    vars(app)["wsgi_app"] = ahead(fast, pages)
    return app


def front_of(app: Flask) -> Front:
    """The halves of an application made by ``create_app``."""
    front = app.extensions[_FRONT]
    assert isinstance(front, Front)
    return front
