"""Is the article of a page found at least as well as by trafilatura, and at least as fast?

    python benchmarks/extract.py DIR [--seed N]

DIR holds ``body`` and ``pages``, each with gzipped pages and a ``truth.json`` that maps their names to the
truth: ``text`` is a whole body, ``with`` and ``without`` are pieces that must be in it and must not.
Both read the same bytes in the same process, page by page in turn. Prints for either and for a random half
of the pages and the other one:

- body F1: shared runs of four words, missing and extra ones (multisets; each page weighs the same)
- chunk F1: pieces found, missing and wrongly there
- CPU time a page, and the ratio: everything that extraction does here, the body alone, trafilatura whole
"""

import argparse
import gzip
import json
import random
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import trafilatura

from feedsvc.model import Document
from feedsvc.pages.article import extract
from feedsvc.pages.article.body import body
from feedsvc.pages.page import read

RUN = 4  # words


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    text: str
    ms: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for folder, score in (("body", body_f1), ("pages", chunk_f1)):
        truth = json.loads((options.directory / folder / "truth.json").read_text())
        found = {name: both(options.directory / folder / f"{name}.html.gz", truth[name]) for name in truth}
        names = sorted(truth)
        random.Random(options.seed).shuffle(names)
        half = len(names) // 2
        for title, some in (("all", names), ("half", names[:half]), ("other half", names[half:])):
            report(f"{folder}, {title}", some, truth, found, score)
    return 0


def both(path: Path, truth: Mapping[str, Any]) -> dict[str, Found]:
    content = gzip.decompress(path.read_bytes())
    url = truth["url"] if truth["url"].startswith("http") else "https://example.org/"
    page = read(Document(url=url, body=content))
    return {
        "ours": timed(lambda: extract(read(Document(url=url, body=content))).text),
        "body": timed(lambda: body(page).text),
        "trafilatura": timed(lambda: theirs(content, url)),
    }


def theirs(content: bytes, url: str) -> str:
    found = trafilatura.bare_extraction(content, url=url, with_metadata=True)
    return (found.text if found is not None else "") or ""


def timed(work: Callable[[], str]) -> Found:
    """The text, and the better of two times."""
    took = []
    for _ in range(2):
        began = time.process_time()
        text = work()
        took.append(1000 * (time.process_time() - began))
    return Found(text=text, ms=min(took))


Score = Callable[[Iterable[tuple[Mapping[str, Any], str]]], float]


def report(
    title: str,
    names: Sequence[str],
    truth: Mapping[str, Any],
    found: Mapping[str, Mapping[str, Found]],
    score: Score,
) -> None:
    mean = {who: statistics.mean(found[name][who].ms for name in names) for who in found[names[0]]}
    print(f"{title} ({len(names)} pages)")
    for who in ("ours", "trafilatura"):
        print(f"  {who:12} F1 {score((truth[name], found[name][who].text) for name in names):.4f}", end="")
        print(f"  {mean[who]:6.1f} ms a page")
    print(f"  ratio of time {mean['ours'] / mean['trafilatura']:.2f}; ", end="")
    print(f"the body alone {mean['body']:.1f} ms, {mean['body'] / mean['trafilatura']:.2f}")


def body_f1(pages: Iterable[tuple[Mapping[str, Any], str]]) -> float:
    shared = extra = missing = 0.0
    for truth, text in pages:
        want, have = runs(truth["text"]), runs(text)
        both_have = (want & have).total()
        whole = want.total() + have.total() - both_have or 1
        shared += both_have / whole
        extra += (have.total() - both_have) / whole
        missing += (want.total() - both_have) / whole
    return 2 * shared / (2 * shared + extra + missing)


def runs(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[at : at + RUN]) for at in range(max(1, len(words) - RUN + 1)) if words)


def chunk_f1(pages: Iterable[tuple[Mapping[str, Any], str]]) -> float:
    right = wrong = missing = 0
    for truth, raw in pages:
        text = " ".join(raw.split())
        for piece in truth.get("with", ()):
            right += (here := " ".join(piece.split()) in text)
            missing += not here
        wrong += sum(" ".join(piece.split()) in text for piece in truth.get("without", ()))
    return 2 * right / (2 * right + wrong + missing)


if __name__ == "__main__":
    raise SystemExit(main())
