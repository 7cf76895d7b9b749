"""How does a finished document lose an entry, and nothing else of it change?

The documents are our own: one item of JSON a line, and of XML each item or entry an element whose texts have
no markup of their own, as ``json_feed`` and feedgen write them.
"""

import html
import json
import re
from collections.abc import Collection
from typing import Final

from feedsvc.model import Format

_ITEM: Final = re.compile(rb"[ \t]*<(item|entry)[\s>].*?</\1>[ \t]*\r?\n?", re.DOTALL)
_ID: Final = re.compile(rb"<(?:guid|id)(?:\s[^>]*)?>([^<]*)</")


def without(form: Format, body: bytes, ids: Collection[str]) -> bytes:
    """``body`` without the entries of those ids."""
    return _json(body, ids) if form == "json" else _ITEM.sub(lambda found: _kept(found[0], ids), body)


def _kept(element: bytes, ids: Collection[str]) -> bytes:
    found = _ID.search(element)
    gone = found is not None and html.unescape(found[1].decode()) in ids
    return b"" if gone else element


def _json(body: bytes, ids: Collection[str]) -> bytes:
    head, start, rest = body.partition(b'"items":[\n')
    items, end = rest.removesuffix(b"\n]}\n"), b"\n]}\n"
    kept = [line for line in items.split(b",\n") if line and json.loads(line)["id"] not in ids]
    return head + start + b",\n".join(kept) + end
