"""Where is a file, and of which type is it, in words that every format allows?"""

import re
from urllib.parse import quote, urlsplit, urlunsplit

# Our own table: the one of the ``mimetypes`` module depends on the machine and on Python's version, and
# the same data must give the same bytes on both.
_TYPES = {
    "aac": "audio/aac",
    "avif": "image/avif",
    "epub": "application/epub+zip",
    "flac": "audio/flac",
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "m3u8": "application/vnd.apple.mpegurl",
    "m4a": "audio/mp4",
    "m4v": "video/mp4",
    "mkv": "video/matroska",
    "mov": "video/quicktime",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "oga": "audio/ogg",
    "ogg": "audio/ogg",
    "ogv": "video/ogg",
    "opus": "audio/ogg",
    "pdf": "application/pdf",
    "png": "image/png",
    "srt": "application/x-subrip",
    "svg": "image/svg+xml",
    "torrent": "application/x-bittorrent",
    "vtt": "text/vtt",
    "wav": "audio/wav",
    "webm": "video/webm",
    "webp": "image/webp",
    "zip": "application/zip",
}
_MEDIA_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+", re.ASCII)
_EXTENSION = re.compile(r"\.(\w{1,8})$", re.ASCII)

# An http(s) URI by RFC 3986 that has a path, or nothing behind the host.
_URI = re.compile(r"https?://[\w.:@-]+(?:/(?:[\w;/?:@&=+$.\-!~*'(),#]|%[0-9A-Fa-f]{2})*)?", re.ASCII)
_URI_SAFE = ";/?:@&=+$,-_.!~*'()%"
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def uri(iri: str) -> str:
    """An http(s) IRI as a URI (RFC 3987 3.1); what is one already stays byte for byte."""
    if _URI.fullmatch(iri):
        return iri
    parts = urlsplit(iri)
    path = _quoted(parts.path) or "/"
    return urlunsplit(
        (parts.scheme, _authority(parts.netloc), path, _quoted(parts.query), _quoted(parts.fragment))
    )


def media_type(declared: str | None, url: str) -> str:
    """``declared`` where it is one, else what the URL's extension says, else that of any bytes."""
    known = declared if declared and _MEDIA_TYPE.fullmatch(declared) else None
    return known or guess_type(url) or "application/octet-stream"


def guess_type(url: str) -> str | None:
    """Media type by the extension of the URL's path."""
    found = _EXTENSION.search(urlsplit(url).path)
    return _TYPES.get(found[1].lower()) if found else None


def _quoted(part: str) -> str:
    return quote(_BARE_PERCENT.sub("%25", part), safe=_URI_SAFE)


def _authority(netloc: str) -> str:
    if netloc.isascii():
        return netloc
    try:
        return netloc.encode("idna").decode("ascii")
    except UnicodeError:  # not a name of the old IDNA: RFC 3987 3.1 allows the escaped form too
        return quote(netloc, safe=_URI_SAFE)
