"""Are the articles of listing pages found without selectors, and how long does it take?

    python benchmarks/listings.py DIR [--rounds N]

DIR holds HTML files and ``truth.json``, which maps their names to ``url`` and the links that ``must`` and
``may`` be found. Prints for each page the recall of what must be found, the foreign links (neither must nor
may), the milliseconds that the list takes and those of decoding and parsing alone, and the ratio of both.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from feedsvc.errors import ParseError
from feedsvc.model import Document
from feedsvc.pages.listing import find
from feedsvc.pages.page import Page, read
from feedsvc.refine.canonical import canonical_url
from feedsvc.refine.links import absolute


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    truth = json.loads((options.directory / "truth.json").read_text())
    recalls, foreign, found, times = [], 0, 0, []
    print(f"{'page':28} {'KB':>6} {'recall':>7} {'foreign':>8} {'list ms':>8} {'parse ms':>9} {'ratio':>6}")
    for name, entry in truth.items():
        document = Document(url=entry["url"], body=(options.directory / name).read_bytes())
        must, may = _keys(entry, "must"), _keys(entry, "may")
        links = set(_links(read(document)))
        recalls.append(len(must & links) / len(must) if must else 1.0)
        wrong = len(links - must - may)
        foreign, found = foreign + wrong, found + len(links)
        parsing = _median(partial(read, document), options.rounds)
        listing = _median(partial(_listed, document), options.rounds) - parsing
        times.append(listing)
        size = len(document.body) / 1000
        print(
            f"{name[:28]:28} {size:6.0f} {recalls[-1]:7.2f} {wrong:8} {listing:8.1f} {parsing:9.1f} "
            f"{listing / parsing:6.1f}"
        )
    share = foreign / found if found else 0.0
    print(
        f"mean recall {statistics.fmean(recalls):.3f}, foreign {share:.1%}, "
        f"median {statistics.median(times):.1f} ms, slowest {max(times):.1f} ms"
    )


def _listed(document: Document) -> list[str]:
    return _links(read(document))


def _links(page: Page) -> list[str]:
    try:
        return [canonical_url(item.link) for item in find(page).items if item.link]
    except ParseError:
        return []


def _keys(entry: dict[str, list[object]], name: str) -> set[str]:
    return {
        canonical_url(absolute(link, str(entry["url"])) or link) for link in _addresses(entry.get(name, []))
    }


def _addresses(values: Iterable[object]) -> Iterable[str]:
    return (str(one["link"] if isinstance(one, dict) else one) for one in values)


def _median(work: Callable[[], object], rounds: int) -> float:
    """Milliseconds."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


if __name__ == "__main__":
    main()
