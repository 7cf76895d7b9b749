"""Which files come with the pages? Each under an address that changes with its content, kept for good."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Final, Self

_TYPES: Final[Mapping[str, str]] = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".ico": "image/x-icon",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    name: str
    body: bytes
    media_type: str
    digest: str


@dataclass(frozen=True, slots=True)
class Assets:
    """The files of ``static/``, read once."""

    by_name: Mapping[str, Asset]

    @classmethod
    def load(cls) -> Self:
        found = {}
        for entry in files(__package__).joinpath("static").iterdir():
            media_type = _TYPES.get(entry.name[entry.name.rfind(".") :])
            if media_type is not None:
                body = entry.read_bytes()
                digest = hashlib.sha256(body).hexdigest()[:12]
                found[entry.name] = Asset(name=entry.name, body=body, media_type=media_type, digest=digest)
        return cls(found)
