"""What must a web server be told that the files do not say?

How long each feed is fresh, what it links to, and which addresses have moved or are gone. That changes with
the config, hardly ever with what is published. deploy/nginx.conf and deploy/Caddyfile include it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient

from feedsvc.export.manifest import HOME
from feedsvc.export.parts import File
from feedsvc.model import FORMATS
from feedsvc.services import Services
from feedsvc.web import http

NGINX: Final = f"{HOME}/nginx.conf"
CADDY: Final = f"{HOME}/Caddyfile"

_WRITTEN_BY: Final = "# Written by 'feedsvc export site'. When it changes, the server must be reloaded."
_BELOW: Final = r"(?:\.(?:rss|atom|json)|/.*)?"  # the feed itself, its page, and what is below that


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """``feeds``: path -> (Cache-Control, Link, path of the page for people). ``history``: pattern of paths ->
    Link. ``moved``: pattern -> address, without what follows either. ``gone``: patterns, likewise."""

    feeds: Mapping[str, tuple[str, str, str]]
    history: Mapping[str, str]
    moved: Mapping[str, str]
    gone: tuple[str, ...]


def servers(services: Services, app: Flask, keys: Iterable[str]) -> list[File]:
    """The files to include: the same facts for both servers, as the application itself tells them."""
    with app.test_client() as client:
        told = _told(services, client, list(keys))
    return [
        File(path=NGINX, body="\n".join(_nginx(told)).encode()),
        File(path=CADDY, body="\n".join(_caddy(told)).encode()),
    ]


def _told(services: Services, client: FlaskClient, keys: list[str]) -> Told:
    config = services.config()
    base = config.base_url()
    prefix = urlsplit(base).path
    former = services.store.former_feeds().union(config.feed_keys(), config.renamed()) - {*keys}
    # Feeds of single sources are made when asked for: there are no files of them.
    fates = {key: _fate(client, key) for key in sorted(former) if not key.startswith("s/")}
    return Told(
        feeds=dict(_feeds(client, prefix, keys)),
        history=dict(_history(base, prefix)),
        moved={f"{re.escape(prefix)}/{key}": to for key, (status, to) in fates.items() if status == 301},
        gone=tuple(f"{re.escape(prefix)}/{key}" for key, (status, _) in fates.items() if status == 410),
    )


def _fate(client: FlaskClient, key: str) -> tuple[int, str]:
    """(status, where to) of a feed that is not there any more."""
    found = client.head(f"/{key}/")
    return found.status_code, found.headers.get("Location", "").rstrip("/")


def _feeds(
    client: FlaskClient, prefix: str, keys: Iterable[str]
) -> Iterator[tuple[str, tuple[str, str, str]]]:
    for key in keys:
        for format in FORMATS:
            path = f"/{key}.{format}"
            found = client.head(path)
            person = client.head(path, headers={"Sec-Fetch-Dest": "document"})
            if found.status_code == 200 and person.status_code == 303:
                said = found.headers
                yield f"{prefix}{path}", (said["Cache-Control"], said["Link"], person.headers["Location"])


def _history(base: str, prefix: str) -> Iterator[tuple[str, str]]:
    """The links of a page of history; ``$feedsvc_key`` and ``$feedsvc_n`` stand for feed and number.

    The feed of everything has another page than its address says.
    """
    for key, page in (("all", f"{base}/"), ("c/[^/]+", f"{base}/$feedsvc_key/")):
        for format in FORMATS:
            pattern = rf"^{re.escape(prefix)}/(?<feedsvc_key>{key})/archive/(?<feedsvc_n>[0-9]+)\.{format}$"
            urls = {other: f"{base}/$feedsvc_key/archive/$feedsvc_n.{other}" for other in FORMATS}
            live = f'<{base}/$feedsvc_key.{format}>; rel="current"'
            yield pattern, f"{http.link_header(urls, format, page)}, {live}"


# ---- as nginx reads it ------------------------------------------------------------------------------


def _nginx(told: Told) -> Iterator[str]:
    yield _WRITTEN_BY
    for name, column in (("cache_control", 0), ("link", 1), ("page", 2)):
        yield f"map $uri $feedsvc_{name} {{"
        yield from (f"    {_quoted(path)} {_quoted(row[column])};" for path, row in told.feeds.items())
        if name == "link":
            yield from (f"    {_quoted('~' + path)} {_quoted(link)};" for path, link in told.history.items())
        yield "}"
    yield "map $uri $feedsvc_moved {"
    for path, address in told.moved.items():
        yield f"    {_quoted(f'~^{path}(?<feedsvc_rest>{_BELOW})$')} {_quoted(f'{address}$feedsvc_rest')};"
    yield "}"
    yield "map $uri $feedsvc_gone {\n    volatile;"  # the page that says so is not gone itself
    yield from (f"    {_quoted(f'~^{path}{_BELOW}$')} 1;" for path in told.gone)
    yield "}\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


# ---- as Caddy reads it ------------------------------------------------------------------------------


def _caddy(told: Told) -> Iterator[str]:
    yield _WRITTEN_BY
    yield "map {path} {feedsvc_cache_control} {feedsvc_link} {feedsvc_page} {"
    for path, row in told.feeds.items():
        yield f"\t{path} {' '.join(f'`{value}`' for value in row)}"
    for path, link in told.history.items():
        pattern = path.replace("(?<feedsvc_key>", "(").replace("(?<feedsvc_n>", "(")
        named = link.replace("$feedsvc_key", "${1}").replace("$feedsvc_n", "${2}")
        yield f'\t`~{pattern}` "" `{named}` ""'
    yield '\tdefault "" "" ""\n}'
    yield "map {path} {feedsvc_moved} {feedsvc_gone} {"
    for path, address in told.moved.items():
        yield f'\t`~^{path}({_BELOW})$` `{address}${{1}}` ""'
    yield from (f'\t`~^{path}{_BELOW}$` "" yes' for path in told.gone)
    yield '\tdefault "" ""\n}\n'
