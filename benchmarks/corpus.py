"""Does every feed of a folder come through whole, the way in and the way out?

    python benchmarks/corpus.py DIR [--keep OUT]

Serves each file of DIR over loopback, collects it into a category of its own, publishes all three formats and
holds the result against feedparser's own reading of the same bytes (JSON Feed: its items):

- no crash; no article lost that feedparser sees, but for exact duplicates within a document;
- stored articles equal the source's but for the named normalisations (see NORMALISATIONS);
- each published document is well-formed and reads back equal to the stored articles;
- collected again, also without validators: nothing new, nothing updated, the same bytes and ETags.

Prints counts and every failure by name; ``--keep`` writes the published documents there, for a validator.
"""

import argparse
import html
import json
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import feedparser
import lxml.etree
import lxml.html

from feedsvc import publish
from feedsvc.bootstrap import open_services, open_store
from feedsvc.collect import visit_source
from feedsvc.config import Config
from feedsvc.model import FORMATS, Entry, Poll
from feedsvc.services import Services

NORMALISATIONS = """
title       plain text: entities decoded, markup and white space folded; empty: from text or address
link        absolute http(s); a permalink guid stands in for a missing link; other schemes go
dates       UTC (12-hour clocks too, which feedparser misreads), whole seconds; in the future or missing:
            first seen; published missing: updated stands in
authors     a name for each (from the address where there is none); white space folded
tags        one of each, whatever the case; white space folded
enclosures  absolute http(s) only; one of each
text        safe markup only; characters that XML forbids go; where an entry has several, the fullest
            published text of an article without any: its title
"""


class Origin:
    """Serves the files as they are; the type is told by the ending, as most servers do."""

    def __init__(self, files: Sequence[Path]) -> None:
        bodies = {f"/{number}": (one.read_bytes(), media_type(one)) for number, one in enumerate(files)}

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                body, kind = bodies[self.path]
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    @contextmanager
    def serving(self) -> Iterator[str]:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        yield self.address
        self.server.shutdown()
        self.server.server_close()


def media_type(path: Path) -> str:
    return "application/json" if path.suffix == ".json" else "application/xml"


@dataclass
class Report:
    counts: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def fail(self, name: str, what: str) -> None:
        self.failures.append(f"{name}: {what}")
        self.counts[f"FAILED {what.partition(':')[0]}"] += 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--only", default="", help="files whose path contains this")
    options = parser.parse_args()
    files = [
        one
        for one in sorted(options.directory.rglob("*"))
        if one.is_file() and not one.name.endswith(".serde.json") and options.only in str(one)
    ]
    report = Report()
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, Origin(files).serving() as address:
        store = open_store(f"sqlite:///{folder}/corpus.sqlite")
        services = open_services(store, configured(files, address))
        try:
            names = [str(one.relative_to(options.directory)) for one in files]
            run(services, files, names, report, options.keep)
        finally:
            services.close()
    print(f"named normalisations:{NORMALISATIONS}")
    for failure in report.failures:
        print("FAILED", failure)
    for name, number in sorted(report.counts.items()):
        print(f"{number:7}  {name}")
    print(f"{len(files)} files in {time.perf_counter() - began:.1f} s")
    return 1 if report.failures else 0


def configured(files: Sequence[Path], address: str) -> Config:
    numbers = range(len(files))
    return Config.model_validate(
        {
            "site": {"title": "Corpus", "url": "https://feeds.example.org", "tag": "feeds.example.org,2026"},
            "defaults": {"every": "15m", "limit": 1000, "keep_for": None},
            "fetch": {"allow": ["127.0.0.0/8"]},
            "categories": [{"id": f"c{n}", "title": f"Category {n}", "limit": 1000} for n in numbers],
            "sources": [
                {"id": f"s{n}", "type": "feed", "url": f"{address}/{n}", "categories": [f"c{n}"]}
                for n in numbers
            ],
        }
    )


def run(
    services: Services, files: Sequence[Path], names: Sequence[str], report: Report, keep: Path | None
) -> None:
    reasons: Counter[str] = Counter()
    for number, (path, name) in enumerate(zip(files, names, strict=True)):
        truth = reading(path)
        poll = collect(services, f"s{number}")
        report.counts["entries that feedparser sees"] += len(truth)
        report.counts["articles stored"] += poll.new
        if poll.outcome == "failed":
            reasons[str(poll.error).partition(":")[0][:70]] += 1
            report.counts["files refused"] += 1
            if truth:
                report.fail(name, f"refused though there are entries: {poll.error}")
        else:
            report.counts["files read"] += 1
            check_complete(services, number, name, truth, poll, report)
        again(services, number, name, report)
    publish_all(services)
    before = versions(services)
    for number, name in enumerate(names):
        check_published(services, number, name, report, keep)
    for number, name in enumerate(names):
        poll = collect(services, f"s{number}", force=True)
        if poll.new or poll.updated or poll.retracted:
            report.fail(name, f"changed when collected again: {poll.new} new, {poll.updated} updated")
    time.sleep(1.1)  # a feed is published at most once a second
    publish_all(services)
    if versions(services) != before:
        report.fail("all", "bytes changed when nothing did")
    report.counts["renderings with equal ETags after the second collection"] = len(before)
    for reason, count in reasons.most_common():
        report.counts[f"  refused: {reason}"] = count


def collect(services: Services, source_id: str, *, force: bool = False) -> Poll:
    """A poll as the scheduler makes it."""
    lease = uuid.uuid4().hex
    now = services.clock()
    assert services.store.claim(source_id, now=now, lease=lease, lease_for=timedelta(minutes=5))
    source = services.config().source(source_id)
    visit = visit_source(services, source, services.store.source_state(source_id), force=force)
    return services.store.finish(
        lease=lease, record=visit.record, harvest=visit.harvest, validators=visit.validators, now=now
    )


def again(services: Services, number: int, name: str, report: Report) -> None:
    poll = collect(services, f"s{number}")
    if poll.outcome == "ok":
        report.fail(name, "the same bytes were parsed again")
    if poll.new or poll.updated:
        report.fail(name, f"changed when collected again: {poll.new} new, {poll.updated} updated")


def publish_all(services: Services) -> None:
    while services.store.dirty_feeds():
        for done in publish.publish_due(services):
            for error in done.dropped:
                print("DROPPED", done.feed_key, error)


def versions(services: Services) -> Mapping[tuple[str, str], str]:
    return {(head.feed_key, head.format): head.etag for head in services.store.heads()}


# ---- what the source says, as feedparser reads it ------------------------------------------------------


def reading(path: Path) -> list[Mapping[str, Any]]:
    body = path.read_bytes()
    if path.suffix == ".json":
        document = json.loads(body)
        return list(document.get("items", [])) if isinstance(document, dict) else []
    return list(feedparser.parse(body, response_headers={"content-type": media_type(path)}).entries)


def check_complete(
    services: Services, number: int, name: str, truth: Sequence[Mapping[str, Any]], poll: Poll, report: Report
) -> None:
    distinct = len({identity(one) for one in truth})
    report.counts["exact duplicates within a document"] += len(truth) - distinct
    empty = sum(not any(one.values()) for one in truth)
    report.counts["entries without anything to show"] += empty
    if poll.new < distinct - empty:
        report.fail(
            name, f"articles lost: {distinct} distinct in the source, {poll.new} stored {poll.rejected}"
        )
    stored = services.store.page(f"c/c{number}", limit=1000)
    if not name.endswith(".json") and len(stored) == len(truth):
        compare(name, truth, stored, report)


def identity(one: Mapping[str, Any]) -> str:
    return repr(
        (
            one.get("id"),
            one.get("link") or one.get("url"),
            one.get("title"),
            one.get("summary"),
            str(one.get("content")),
        )
    )


def compare(name: str, truth: Sequence[Mapping[str, Any]], stored: Sequence[Entry], report: Report) -> None:
    titles = Counter(fold(plain(one.get("title", ""))) for one in truth if fold(plain(one.get("title", ""))))
    have = Counter(fold(entry.article.title) for entry in stored)
    if titles - have:
        report.fail(
            name, f"title differs: {list((titles - have).keys())[:3]} {list((have - titles).keys())[:3]}"
        )
    bodies = {squeeze(plain(text)) for e in stored for text in (e.article.content, e.article.summary)}
    for one in truth:
        if said(one) and not said(one) & bodies:
            report.fail(
                name, f"text differs: {[text[:80] for text in said(one)]} {[text[:80] for text in bodies]}"
            )
    mine = {tag.lower() for e in stored for tag in e.article.tags}
    for tag in (tag for one in truth for tag in one.get("tags", []) or [] if isinstance(tag, Mapping)):
        names = {fold(str(tag.get(key) or "")).lower() for key in ("term", "label")} - {""}
        if names and not names & mine:
            report.fail(name, f"tag lost: {names} {mine}")
    dates = [moment(one) for one in truth]
    kept = [e.published.replace(microsecond=0) for e in stored] + [
        e.updated.replace(microsecond=0) for e in stored
    ]
    for when in dates:
        if when is not None and when not in kept and sane(when):
            report.fail(name, f"date differs: {when} not in {kept[:2]}")
    links = {one.get("link") for one in truth if str(one.get("link", "")).startswith(("http://", "https://"))}
    if len({e.article.link for e in stored if e.article.link}) < len(links):
        report.fail(name, f"link lost: {sorted(links)[:2]}")
    files = sum(1 for one in truth for e in unique_enclosures(one))
    got = sum(len(e.article.enclosures) for e in stored)
    if got < files:
        report.fail(name, f"enclosure lost: {files} in the source, {got} stored")


def unique_enclosures(one: Mapping[str, Any]) -> set[str]:
    return {
        str(e.get("href"))
        for e in one.get("enclosures", [])
        if str(e.get("href", "")).startswith(("http://", "https://"))
    }


def moment(one: Mapping[str, Any]) -> datetime | None:
    parsed = one.get("published_parsed") if "published_parsed" in one else one.get("updated_parsed")
    if parsed is None:
        return None
    try:
        return datetime(*parsed[:6], tzinfo=UTC)
    except ValueError:
        return None


def sane(when: datetime) -> bool:
    return when.year > 1 and when != datetime(1970, 1, 1, tzinfo=UTC) and when <= datetime.now(UTC)


def said(one: Mapping[str, Any]) -> set[str]:
    """All the texts that an entry offers, one of which must have come through."""
    texts = [content.get("value", "") for content in one.get("content", [])] + [one.get("summary", "")]
    return {squeeze(plain(text)) for text in texts} - {""}


def plain(markup: str | None) -> str:
    if not markup:
        return ""
    if "<" not in markup and "&" not in markup:
        return markup
    clean = "".join(c for c in markup if c.isprintable() or c.isspace())
    tree = lxml.html.fragment_fromstring(f"<div>{clean}</div>")
    lxml.etree.strip_elements(tree, "script", "style", lxml.etree.Comment, with_tail=False)
    return str(tree.text_content())


def fold(text: str) -> str:
    return " ".join("".join(c for c in text if c.isprintable() or c.isspace()).split())


def squeeze(text: str) -> str:
    return "".join(fold(text).split())


# ---- what readers get --------------------------------------------------------------------------------


def check_published(services: Services, number: int, name: str, report: Report, keep: Path | None) -> None:
    stored = sorted(services.store.page(f"c/c{number}", limit=1000), key=lambda e: e.id)
    for format in FORMATS:
        rendering = services.store.rendering(f"c/c{number}", format)
        if rendering is None:
            report.fail(name, f"not published: {format}")
            continue
        body = rendering.bodies["identity"]
        report.counts["documents published"] += 1
        if keep is not None:
            keep.mkdir(parents=True, exist_ok=True)
            (keep / f"{name.replace('/', '__')}.{format}").write_bytes(body)
        try:
            problems = (
                json_differences(body, stored) if format == "json" else xml_differences(body, stored, format)
            )
        except (ValueError, lxml.etree.XMLSyntaxError) as error:
            problems = [f"not well-formed: {error}"]
        for problem in problems:
            report.fail(name, f"{format} reads back otherwise: {problem}")


def json_differences(body: bytes, stored: Sequence[Entry]) -> list[str]:
    items = sorted(json.loads(body)["items"], key=lambda item: str(item["id"]))
    if len(items) != len(stored):
        return [f"{len(items)} items for {len(stored)} articles"]
    return [
        f"{item['id']} {what}: {theirs!r} for {ours!r}"
        for item, e in zip(items, stored, strict=True)
        for what, theirs, ours in (
            ("id", item["id"], e.id),
            ("title", item.get("title"), e.article.title),
            ("link", item.get("url"), e.article.link),
            ("content", item.get("content_html"), shown(e)),
            ("published", item.get("date_published"), stamp(e.published)),
            ("modified", item.get("date_modified") or stamp(e.published), stamp(e.updated)),
            ("tags", item.get("tags", []), list(e.article.tags)),
            ("attachments", len(item.get("attachments", [])), len(e.article.enclosures)),
        )
        if theirs != ours
    ]


def shown(e: Entry) -> str:
    """What an article without any text shows instead: its title."""
    return e.article.content or e.article.summary or html.escape(e.article.title, quote=False)


def stamp(when: datetime) -> str:
    return when.replace(microsecond=0).isoformat().replace("+00:00", "Z")


def xml_differences(body: bytes, stored: Sequence[Entry], format: str) -> list[str]:
    lxml.etree.fromstring(body)
    parsed = feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False)
    if parsed.bozo:
        return [f"feedparser complains: {parsed.bozo_exception}"]
    entries = sorted(parsed.entries, key=lambda entry: str(entry.get("id")))
    if len(entries) != len(stored):
        return [f"{len(entries)} entries for {len(stored)} articles"]
    return [
        f"{e.id} {what}: {theirs!r} for {ours!r}"
        for entry, e in zip(entries, stored, strict=True)
        for what, theirs, ours in pairs(entry, e, format)
        if theirs != ours
    ]


def pairs(entry: Mapping[str, Any], e: Entry, format: str) -> Iterator[tuple[str, object, object]]:
    yield "id", entry.get("id"), e.id
    title = entry.get("title", "")
    if entry.get("title_detail", {}).get("type") == "text/html" and format == "atom":
        title = plain(title)
    yield "title", fold(title), fold(e.article.title)
    if e.article.link:
        yield "link", entry.get("link"), e.article.link
    content = entry["content"][0]["value"] if entry.get("content") else entry.get("summary", "")
    ours = e.article.content or e.article.summary
    if ours:
        yield "content", squeeze(plain(content)), squeeze(plain(ours))
    when = entry.get("published_parsed")
    yield "published", when and datetime(*when[:6], tzinfo=UTC), e.published.replace(microsecond=0)
    if format == "atom":
        when = entry.get("updated_parsed")
        yield "updated", when and datetime(*when[:6], tzinfo=UTC), e.updated.replace(microsecond=0)
    yield "tags", [tag["term"] for tag in entry.get("tags", [])], list(e.article.tags)
    # An episode names its author twice, in iTunes' words too, and feedparser has both.
    names = list(dict.fromkeys(one.get("name") for one in entry.get("authors", []) if one.get("name")))
    if e.article.authors:
        yield "authors", names, [one.name for one in e.article.authors]


if __name__ == "__main__":
    sys.exit(main())
