"""What is said when there is nothing to show? Short, in the type that was asked for, never with a 200."""

import json
from typing import Final

from flask import Flask, Response, current_app, render_template, request
from werkzeug.exceptions import HTTPException

from feedsvc.addresses import show_url
from feedsvc.errors import NotFound, StoreError
from feedsvc.telemetry import logger

_SAID: Final = {
    400: "The address is not one that this site gives out.",
    404: "There is nothing at this address.",
    405: "This address can only be read.",
    410: "There was something at this address; it has been taken away for good.",
    413: "That is more than this site takes.",
    503: "This cannot be shown just now. Try again in a few seconds.",
}
_BROKEN: Final = "Something went wrong here. It has been logged."
RETRY_AFTER: Final = "5"  # seconds


def register_errors(app: Flask) -> None:
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(NotFound, lambda _error: answer(404))
    app.register_error_handler(StoreError, _store)
    app.register_error_handler(Exception, _crash)


def answer(status: int, said: str | None = None) -> Response:
    """An error as the address deserves it: text or JSON for feeds, a page for people."""
    text = said or _SAID.get(status, _BROKEN)
    if request.path.endswith(".json") or request.path == "/readyz":
        said_so = json.dumps({"status": status, "error": text}) + "\n"
        response = Response(said_so, status, mimetype="application/json")
    elif is_feed_address(request.path):
        response = Response(f"{text}\n", status, mimetype="text/plain")
    else:
        response = Response(render_template("error.html", status=status, text=text), status)
    response.headers["Cache-Control"] = "no-store"
    if status == 503:
        response.headers["Retry-After"] = RETRY_AFTER
    if is_feed_address(request.path):
        response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def is_feed_address(path: str) -> bool:
    return path.endswith((".rss", ".atom", ".json", ".xml", ".txt"))


def _http(error: HTTPException) -> Response:
    given = error.get_response()
    if isinstance(given, Response) and given.status_code < 400:
        return given  # a redirect
    response = answer(error.code or 500)
    if "Allow" in given.headers:
        response.headers["Allow"] = given.headers["Allow"]
    return response


def _store(error: StoreError) -> Response:
    logger().error("page not shown", path=show_url(request.path), error=str(error))
    return answer(503)


def _crash(error: Exception) -> Response:
    if current_app.testing:
        raise error
    logger().exception("request failed", path=show_url(request.path))
    return answer(500)
