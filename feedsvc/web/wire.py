"""What does every page carry: security headers, a tag for conditional requests, gzip?"""

import gzip
from typing import Final
from urllib.parse import urlsplit

from flask import Request, Response, request

# Nothing from elsewhere, no inline script or style, no pictures but our own: articles are shown as text.
CONTENT_SECURITY_POLICY: Final = "; ".join(
    [
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)
# The page of one article shows its pictures and players, which stay where they are.
WITH_PICTURES: Final = CONTENT_SECURITY_POLICY.replace(
    "img-src 'self'", "img-src 'self' https: http:; media-src https: http:"
)
PAGE_CACHE: Final = "public, max-age=30, stale-while-revalidate=60"
WORTH_PACKING: Final = 1_000  # bytes
PACKED: Final = ("text/", "image/svg", "application/xml")  # beginnings of media types


def finish(response: Response) -> Response:
    """The last step of every answer that Flask gives."""
    headers = response.headers
    if response.status_code == 308 and response.location:
        _stay_here(response, response.location)
    headers["X-Content-Type-Options"] = "nosniff"
    headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    if "Cache-Control" not in headers:
        headers["Cache-Control"] = PAGE_CACHE if response.status_code == 200 else "no-store"
    if response.status_code == 200 and "no-store" not in headers["Cache-Control"]:
        # Weak: the same page, packed or not.
        response.add_etag(weak=True)
        response.make_conditional(request)
    _pack(response, request)
    return response


def _stay_here(response: Response, location: str) -> None:
    """Where a slash was missing, Flask builds the address of what the request says of scheme and host. Behind
    a proxy these are wrong, and what has a token in it must not go in the clear."""
    parts = urlsplit(location)
    path = f"/{parts.path.lstrip('/')}"  # two slashes would begin a host
    response.location = f"{path}?{parts.query}" if parts.query else path
    response.set_data(b"")


def _pack(response: Response, asked: Request) -> None:
    if not (response.mimetype or "").startswith(PACKED):
        return
    response.vary.add("Accept-Encoding")
    if response.status_code == 304 or not asked.accept_encodings.quality("gzip"):
        return
    body = response.get_data()
    if len(body) >= WORTH_PACKING:
        response.set_data(gzip.compress(body, 5, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
