"""Where does the site begin, if ``site.url`` has a path: https://example.org/feeds/?"""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from feedsvc.errors import StoreError
from feedsvc.services import Services


def mounted(app: Callable[..., Iterable[bytes]], services: Services) -> Callable[..., Iterable[bytes]]:
    """``app`` under the path of the site's address, whether a proxy in front strips that path or not."""

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        prefix = _prefix(services)
        if prefix:
            path = environ["PATH_INFO"]
            inside = path == prefix or path.startswith(f"{prefix}/")
            environ = {
                **environ,
                "SCRIPT_NAME": prefix,
                "PATH_INFO": path[len(prefix) :] if inside else path,
            }
        return app(environ, start_response)

    return application


def _prefix(services: Services) -> str:
    try:
        return urlsplit(services.config().base_url()).path.rstrip("/")
    except StoreError:
        return ""  # no config yet: the page that says so needs no prefix
