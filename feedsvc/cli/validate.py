"""Is what an address or a file holds a good feed, and what is to be done about it?"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import click
from rich.text import Text

from feedsvc.addresses import is_web_address, show_url
from feedsvc.bootstrap import make_fetcher, utc_now
from feedsvc.cli.output import counted, hanging, json_line, plain, show
from feedsvc.cli.root import FAILED
from feedsvc.cli.session import Options
from feedsvc.config import Config
from feedsvc.errors import FeedsvcError, NotFound, ParseError
from feedsvc.fetch import Fetcher
from feedsvc.model import Document, NotModified, Request
from feedsvc.sources.unpack import unpacked
from feedsvc.validate import Finding, Report
from feedsvc.validate import validate as judge

_ACCEPT: Final = "application/rss+xml, application/atom+xml, application/feed+json, */*;q=0.1"
_COLORS: Final = {"error": "red", "warning": "yellow"}
_LINES: Final = 8  # of all places of one rule, so many are named


@click.command()
@click.argument("targets", nargs=-1, required=True, metavar="URL|FILE...")
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.pass_context
def validate(ctx: click.Context, targets: tuple[str, ...], *, strict: bool) -> None:
    """Check feeds by their specifications (RSS, Atom, JSON Feed) and by what readers need.

    Of a URL it is also checked how it is served: it is fetched twice, the second time with its own
    validators. A FILE may be packed (.gz), - is stdin. With --json a line for each finding and one for each
    document. Exit code 1: there are errors.
    """
    options = Options.of(ctx)
    options.log()
    config = options.load_or_default()
    fetcher = make_fetcher(config)
    failed = False
    try:
        for name in targets:
            report = _judged(fetcher, config, name)
            if report is not None:
                _show(_shown(name), report, as_json=options.as_json)
            failed |= report is None or _is_bad(report, strict=strict)
    finally:
        fetcher.close()
    ctx.exit(FAILED if failed else 0)


def _is_bad(report: Report, *, strict: bool) -> bool:
    return bool(report.count("error") or (strict and report.count("warning")))


def _shown(name: str) -> str:
    return show_url(name) if is_web_address(name) else plain(name)


# ---- where it comes from ----------------------------------------------------------------------------


def _judged(fetcher: Fetcher, config: Config, name: str) -> Report | None:
    """None if it could not be had, which is told."""
    now = utc_now()
    try:
        if is_web_address(name):
            return _at(fetcher, name, now)
        return judge(_in_file(name, config.fetch.max_bytes), now=now)
    except FeedsvcError as error:
        click.echo(f"{click.style('error:', fg='red')} {_shown(name)}: {plain(error)}", err=True)
        return None


def _at(fetcher: Fetcher, url: str, now: datetime) -> Report:
    """:raises FetchError: if it cannot be fetched."""
    request = Request(url=url, headers={"Accept": _ACCEPT})
    document = fetcher.get(request)
    assert isinstance(document, Document), "asked unconditionally"
    again: Document | NotModified = fetcher.get(request, validators=document.validators)
    return judge(document, now=now, again=again, fetched=True)


def _in_file(name: str, most: int) -> Document:
    """:raises NotFound: if there is no such file. :raises ParseError: if it is too large."""
    try:
        with click.open_file(name, "rb") as stream:
            body = stream.read(most + 1)
    except OSError as error:
        raise NotFound(f"{error.strerror}") from error
    if len(body) > most:
        raise ParseError(f"it has more than {most:,} bytes (fetch.max_bytes)")
    return Document(url="", body=unpacked(body, most))


# ---- how it is shown --------------------------------------------------------------------------------


def _show(name: str, report: Report, *, as_json: bool) -> None:
    if as_json:
        for finding in report.findings:
            json_line({"file": name, **_facts(finding)})
        json_line({"file": name, **_summary(report)})
        return
    click.echo(_headline(name, report))
    for findings in _by_rule(report.findings):
        show(hanging(_mark(findings[0]), _words(findings)))


def _facts(finding: Finding) -> dict[str, Any]:
    return {
        "level": finding.level,
        "code": finding.code,
        "line": finding.line,
        "place": finding.place,
        "message": plain(finding.message),
        "advice": plain(finding.advice),
    }


def _summary(report: Report) -> dict[str, Any]:
    errors, warnings = report.count("error"), report.count("warning")
    return {"format": report.kind or None, "entries": report.entries, "errors": errors, "warnings": warnings}


def _headline(name: str, report: Report) -> str:
    what = f"{report.kind}, {_entries(report.entries)}" if report.kind else "no feed"
    counts = [
        click.style(counted(number, level), fg=_COLORS[level])
        for level in ("error", "warning")
        if (number := sum(one.level == level for one in report.findings))
    ]
    return f"{name}: {what}: {', '.join(counts) or click.style('valid', fg='green')}"


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"


def _by_rule(findings: Sequence[Finding]) -> list[list[Finding]]:
    """Those of one rule together, errors first, each by its first line."""
    groups: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        groups[finding.code].append(finding)
    return sorted(groups.values(), key=lambda group: (group[0].level, group[0].line or 0))


def _mark(finding: Finding) -> Text:
    return Text(f"  {finding.level:<8}", style=_COLORS[finding.level])


def _words(findings: Sequence[Finding]) -> Text:
    """The first in full, where the others are, and what to do."""
    first = findings[0]
    about = "" if not first.place or first.place in first.message else f"{first.place}: "
    text = Text(f"{_at_line(first)}{plain(about + first.message)} ")
    text.append(f"({first.code})", style="dim")
    if len(findings) > 1:
        text.append(f"\n{len(findings) - 1} more{_places(findings[1:])}", style="dim")
    text.append(f"\n{plain(first.advice)}", style="italic")
    return text


def _at_line(finding: Finding) -> str:
    return "" if finding.line is None else f"line {finding.line}: "


def _places(findings: Sequence[Finding]) -> str:
    lines = [str(line) for line in dict.fromkeys(one.line for one in findings) if line is not None]
    if not lines:
        return ""
    rest = " ..." if len(lines) > _LINES else ""
    return f", line {', '.join(lines[:_LINES])}{rest}"
