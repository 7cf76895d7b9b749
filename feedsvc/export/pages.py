"""How do the pages of the application become files? It is asked for them, in this process."""

import gzip
import hashlib
import re
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

import brotli
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from feedsvc.errors import FeedsvcError
from feedsvc.export.parts import File, worth_it
from feedsvc.finish import BROTLI_QUALITY, GZIP_LEVEL
from feedsvc.services import Services
from feedsvc.web import create_app
from feedsvc.web.errors import answer
from feedsvc.web.wire import PACKED, WORTH_PACKING

INDEX: Final = "index.html"
ENDINGS: Final = (404, 410)  # what a server says when there is nothing to show

# As the pages write it: a cursor in the query leads to older articles. A file has no query.
_OLDER: Final = re.compile(rb'href="([^"?]*)\?before=([\w-]+)"')
_PAGER: Final = re.compile(rb'\s*<nav class="pager".*?</nav>', re.DOTALL)


class Pages:
    """The application, asked for files. ``code`` changes with the program itself."""

    def __init__(self, services: Services) -> None:
        self.app: Flask = create_app(services)
        self.app.config["STILL"] = True
        self.app.config["PROPAGATE_EXCEPTIONS"] = True
        self._base_url = services.config().base_url()
        self.code = _digest()

    def file(self, path: str) -> File:
        """What stands at an address of the site, under that name."""
        return self._ask(path, path)

    def feed(self, path: str) -> File:
        """A feed that is made when asked for, as it is made now."""
        with self.app.test_client() as client:
            response = _asked(client, path)
        body = response.get_data()
        return File(path=path, body=body, packed=_packed(body), modified=response.last_modified)

    def listing(self, path: str, older: int) -> Iterator[File]:
        """A page that lists articles, at ``c/world/``, and up to ``older`` pages of older ones, numbered from
        2 as ``c/world/older/2/``: an address stays, what is there moves on."""
        with self.app.test_client() as client:
            asked = path
            for number in range(1, older + 2):
                place = path if number == 1 else f"{path}older/{number}/"
                body, kind = _body(client, asked)
                found = _OLDER.search(body)
                last = found is None or number == older + 1
                yield _file(place + INDEX, _with_links(body, None if last else number + 1), kind)
                if found is None:
                    return
                asked = f"{path}?before={found[2].decode()}"

    def endings(self) -> Iterator[File]:
        """``404.html`` for people, ``404.txt`` for programs, and the same for 410."""
        for status in ENDINGS:
            for ending in ("html", "txt"):
                path = f"{status}.{ending}"
                with self.app.test_request_context(f"/{path}", base_url=self._base_url):
                    response = answer(status)
                yield _file(path, response.get_data(), response.mimetype or "")

    def assets(self) -> Iterator[File]:
        """What comes with the pages."""
        for asset in self.app.extensions["feedsvc.assets"].by_name.values():
            yield _file(f"static/{asset.digest}/{asset.name}", asset.body, asset.media_type)

    def _ask(self, path: str, address: str) -> File:
        with self.app.test_client() as client:
            return _file(path, *_body(client, address))


def _body(client: FlaskClient, address: str) -> tuple[bytes, str]:
    """(body, media type)"""
    response = _asked(client, address)
    return response.get_data(), response.mimetype or ""


def _asked(client: FlaskClient, address: str) -> TestResponse:
    response = client.get(f"/{address}")
    if response.status_code != 200:
        raise FeedsvcError(f"/{address} cannot be exported: it answers {response.status}")
    return response


def _with_links(body: bytes, next_page: int | None) -> bytes:
    if next_page is None:
        return _PAGER.sub(b"", body)
    return _OLDER.sub(rb'href="\1older/%d/"' % next_page, body)


def _file(path: str, body: bytes, media_type: str) -> File:
    if not media_type.startswith(PACKED) or len(body) < WORTH_PACKING:
        return File(path=path, body=body)
    return File(path=path, body=body, packed=_packed(body))


def _packed(body: bytes) -> Mapping[str, bytes]:
    return worth_it(
        body,
        gz=gzip.compress(body, GZIP_LEVEL, mtime=0),
        br=brotli.compress(body, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY),
    )


def _digest() -> str:
    """Of the code, templates and assets that pages are made by: another version may make other pages."""
    digest = hashlib.sha256(version("feedsvc").encode())
    for room in ("feedsvc.web", "feedsvc.export", "feedsvc.formats"):
        for name, body in sorted(_files_in(files(room), "")):
            digest.update(name.encode() + b"\0" + hashlib.sha256(body).digest())
    return digest.hexdigest()


def _files_in(place: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    for one in place.iterdir():
        if one.is_dir():
            if one.name != "__pycache__":
                yield from _files_in(one, f"{path}{one.name}/")
        else:
            yield path + one.name, one.read_bytes()
