"""Does our own lint find nothing wrong with what the tests publish?"""

import gzip
from collections.abc import Collection, Iterator
from datetime import datetime

from feedsvc.model import FORMATS, Document
from feedsvc.services import Services
from feedsvc.validate import validate


def lint(body: bytes, *, now: datetime, but: Collection[str] = ()) -> None:
    """``but`` are codes of rules that the document may break."""
    report = validate(Document(url="", body=body), now=now)
    wrong = [one for one in report.findings if one.code not in but]
    assert report.kind, body[:200]
    assert not wrong, wrong


def lint_all(services: Services, *, but: Collection[str] = ()) -> None:
    """Every document in the store: live feeds and pages of their history."""
    for body, published in _documents(services):
        lint(body, now=max(published, services.clock()), but=but)  # a test may have set the clock back


def _documents(services: Services) -> Iterator[tuple[bytes, datetime]]:
    for key in services.config().feed_keys():
        for form in FORMATS:
            if (live := services.store.rendering(key, form)) is not None:
                yield live.bodies["identity"], live.last_modified
            for number in range(1, services.store.last_archive(key) + 1):
                if (page := services.store.archive_page(key, number, form)) is not None:
                    yield gzip.decompress(page.body), page.last_modified
