"""Does the status page say how the sources fare, and nothing that is only for those who run the service?"""

import re
from datetime import timedelta

from werkzeug.test import Client, TestResponse

from feedsvc.model import NextCheck, Outcome, Poll
from feedsvc.web.visits import Visits
from tests.web.site import URL, Site, config, source

SECRET = "https://user:password@inside.example/"


def text(response: TestResponse) -> str:
    return response.get_data(as_text=True)


def visit(site: Site, source_id: str, outcome: Outcome = "ok", kind: str | None = None) -> None:
    now = site.clock()
    assert site.store.claim(source_id, now=now, lease="t", lease_for=timedelta(minutes=1))
    record = Poll(
        source_id=source_id,
        started=now,
        outcome=outcome,
        error_kind=kind,
        error=f"No answer from {SECRET}" if kind else None,
        next_check=NextCheck(at=now, reason="now"),
    )
    site.store.finish(lease="t", record=record, harvest=None, now=now)


def rows(page: str) -> list[str]:
    """What is said of each category, in plain text."""
    listed = page.partition('<ul class="rows">')[2].partition("</section>")[0]
    return [" ".join(re.sub(r"<[^>]*>", " ", one).split()) for one in listed.split('<div class="what">')[1:]]


def test_all_is_well(client: Client, site: Site) -> None:
    site.store.report(name="s", kind="scheduler", revision=1, now=site.clock())
    page = text(client.get("/status"))
    assert "All 2 sources can be read" in page
    assert "New articles are being collected" in page
    said = rows(page)
    assert said[0].startswith("World ✓ 1 ok updated")
    assert said[0].endswith("100 %")
    assert said[2] == "Empty no source"
    assert "100 % of the visits of the last 90 days succeeded" in page
    assert "No visits in the last 90 days" in page


def test_a_source_fails_after_three_failures_and_only_the_kind_is_said(client: Client, site: Site) -> None:
    for number in range(3):
        visit(site, "times", "failed", "timeout")
        site.clock.advance(minutes=1)
        page = text(client.get("/status"))
        assert ("1 of 2 sources cannot be read" in page) is (number == 2)
    assert rows(page)[0].startswith("World ! 1 failing too slow")
    assert "25.0 % of the visits" in page
    for secret in (SECRET, "password", "inside.example", "times.example", "No answer"):
        assert secret not in page


def test_a_source_that_was_never_visited_waits(client: Client, site: Site) -> None:
    site.configure(config(sources=[source("slow", "empty")]))
    page = text(client.get("/status"))
    assert "2 of 3 sources read so far" in page or "0 of 1 source read so far" in page, page
    assert rows(page)[2].startswith("Empty 1 not read yet")


def test_a_source_that_is_switched_off_does_not_count(client: Client, site: Site) -> None:
    site.configure(config(sources=[source("times", "world"), source("akhbar", "arabic", enabled=False)]))
    page = text(client.get("/status"))
    assert "The source can be read" in page
    assert "no source" in rows(page)[1]


def test_without_a_scheduler_nothing_is_collected(client: Client, site: Site) -> None:
    assert "Nothing is being collected" in text(client.get("/status"))
    site.store.report(name="s", kind="scheduler", revision=1, now=site.clock())
    site.clock.advance(minutes=5)
    page = text(client.get("/status"))
    assert "Nothing is being collected: last sign" in page
    assert "5 min ago" in page


def test_a_site_without_anything(client: Client, site: Site) -> None:
    site.configure(config(categories=[], sources=[]))
    page = text(client.get("/status"))
    assert "No source is switched on yet" in page
    assert "No categories yet" in page


def test_it_can_be_switched_off(client: Client, site: Site) -> None:
    assert 'href="/status"' in text(client.get("/"))
    site.configure(config(site={"title": "T", "url": URL, "status": False}))
    assert client.get("/status").status_code == 404
    assert "/status" not in text(client.get("/"))


def test_each_day_has_its_bar(client: Client, site: Site) -> None:
    for day in range(3):
        visit(site, "times", "failed" if day == 1 else "ok", "dns" if day == 1 else None)
        site.clock.advance(days=1)
    page = text(client.get("/status"))
    world = page.split('<ul class="rows">')[1].split("</li>")
    strip = next(part for part in world if "strip" in part)
    good, bad, none = (
        re.findall(rf'<path class="{kind}" d="([^"]*)"', strip)[0].count("M")
        for kind in ("good", "bad", "none")
    )
    # Today has none yet; the first day had another visit, which filled the site.
    assert (good, bad, none) == (2, 1, 87)


def test_days_that_are_over_are_counted_once_and_little_at_a_time(site: Site) -> None:
    for _ in range(4):
        visit(site, "times")
        site.clock.advance(days=1)
    visits = Visits(site.services, at_once=1)
    counted = [sum(day is not None for day in visits.days()) for _ in range(5)]
    assert counted == [3, 4, 5, 90, 90]
    assert visits.days()[-4:] == [{"times": (1, 0)}, {"times": (1, 0)}, {"times": (1, 0)}, {}]
    site.clock.advance(days=100)
    assert visits.days() == [{}] * 90
