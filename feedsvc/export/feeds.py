"""How do finished feeds and the pages of their history become files? As they are stored."""

import gzip
from collections.abc import Collection, Iterator
from functools import partial
from typing import Final

from feedsvc.export.parts import GZ, File, Part, worth_it
from feedsvc.model import ArchiveHead, Head
from feedsvc.services import Services

# A page of history links to the next one before that is there; until it is, its address leads to the live
# feed. A server cannot know where a feed's history ends: an empty file of this name and the number says so.
NEXT: Final = ".next-"


def feeds(services: Services, keys: Collection[str]) -> Iterator[Part]:
    """The feeds of these keys, in each format."""
    for head in services.store.heads():
        if head.feed_key in keys:
            path = f"{head.feed_key}.{head.format}"
            yield Part(name=path, key=head.etag, make=partial(_feed, services, head, path))


def histories(services: Services, keys: Collection[str]) -> Iterator[Part]:
    """The pages of their history, and where each history ends."""
    for head in services.store.archive_heads():
        if head.feed_key in keys:
            path = f"{head.feed_key}/archive/{head.number}.{head.format}"
            yield Part(name=path, key=head.etag, make=partial(_page, services, head, path))
    for key in sorted(keys):
        end = File(path=f"{key}/archive/{NEXT}{services.store.last_archive(key) + 1}", body=b"")
        yield Part(name=f"{key}/archive/{NEXT}", key=end.path, make=partial(_only, end))


def _feed(services: Services, head: Head, path: str) -> Iterator[File]:
    found = services.store.rendering(head.feed_key, head.format)
    if found is not None:  # it may have gone just now
        body = found.bodies["identity"]
        packed = worth_it(body, gz=found.bodies.get("gzip"), br=found.bodies.get("br"))
        yield File(path=path, body=body, packed=packed, modified=found.last_modified)


def _page(services: Services, head: ArchiveHead, path: str) -> Iterator[File]:
    found = services.store.archive_page(head.feed_key, head.number, head.format)
    if found is not None:
        body = gzip.decompress(found.body)
        packed = {GZ: found.body} if len(found.body) < len(body) else {}
        yield File(path=path, body=body, packed=packed, modified=found.last_modified)


def _only(file: File) -> list[File]:
    return [file]
