"""Is a signature made as WebSub 7.1 has it, and taken in each of its methods?"""

import hashlib
import hmac

import pytest

from feedsvc.hub.signature import is_signed, sign


def test_ours_is_sha256() -> None:
    # RFC 4231 4.3, test case 2
    digest = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert sign("Jefe", b"what do ya want for nothing?") == f"sha256={digest}"


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_each_method_is_taken(method: str) -> None:
    digest = hmac.new(b"key", b"body", method).hexdigest()
    assert is_signed("key", b"body", f"{method}={digest}")
    assert is_signed("key", b"body", f"{method.upper()}={digest.upper()}")
    assert not is_signed("key", b"bodY", f"{method}={digest}")
    assert not is_signed("kez", b"body", f"{method}={digest}")
    assert not is_signed("key", b"body", f"{method}={digest[:-1]}")


@pytest.mark.parametrize(
    "header", [None, "", "sha256", "sha256=", "=", "sha256=é", "new=1", "__init__=x", "sha256=\ud800"]
)
def test_nothing_else_is(header: str | None) -> None:
    assert not is_signed("key", b"body", header)


def test_weaker_methods_are_not() -> None:
    digest = hashlib.md5(b"body", usedforsecurity=False).hexdigest()
    assert not is_signed("key", b"body", f"md5={digest}")
    assert not is_signed("key", b"body", f"md5={hmac.new(b'key', b'body', 'md5').hexdigest()}")
