"""Was this body sent by somebody who knows the secret (WebSub 7.1)?"""

import hashlib
import hmac
from typing import Final

METHOD: Final = "sha256"  # of what we send
METHODS: Final = frozenset({"sha1", "sha256", "sha384", "sha512"})  # that we take, from whatever hub


def sign(secret: str, body: bytes, method: str = METHOD) -> str:
    """The value of X-Hub-Signature: ``sha256=`` and hexadecimal digits."""
    return f"{method}={hmac.new(secret.encode(), body, getattr(hashlib, method)).hexdigest()}"


def is_signed(secret: str, body: bytes, header: str | None) -> bool:
    """Does the header hold the signature of this body, made in any of the recognised ways?"""
    method, _, _ = (header or "").partition("=")
    method = method.strip().lower()
    if header is None or method not in METHODS:
        return False
    given = f"{method}={header.partition('=')[2].strip().lower()}"
    return hmac.compare_digest(sign(secret, body, method).encode(), given.encode("utf-8", "replace"))
