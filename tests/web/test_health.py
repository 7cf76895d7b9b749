"""Do /healthz and /readyz tell a monitor what it must know, and no more?"""

import json
from dataclasses import replace

from flask import Flask
from werkzeug.test import Client

from feedsvc.web import create_app
from tests.web.site import Site
from tests.web.test_fastpath import Breakable


def report(site: Site, *, note: str = "", kind: str = "scheduler", name: str = "scheduler 1") -> None:
    site.store.report(name=name, kind=kind, revision=1, note=note, now=site.clock())


def test_alive(client: Client, site: Site) -> None:
    report(site)
    response = client.get("/healthz")
    assert (response.status_code, response.get_data()) == (200, b"ok\n")
    assert response.mimetype == "text/plain"
    assert response.headers["Cache-Control"] == "no-store"


def test_an_invalid_config_is_told_without_details(client: Client, site: Site) -> None:
    report(site, note="config: invalid")
    assert client.get("/healthz").get_data() == b"config: invalid\n"
    assert client.get("/healthz").status_code == 200
    report(site)
    assert client.get("/healthz").get_data() == b"ok\n"


def test_a_process_that_ended_long_ago_says_nothing(client: Client, site: Site) -> None:
    report(site, note="config: invalid")
    site.clock.advance(minutes=2)
    assert client.get("/healthz").get_data() == b"ok\n"


def test_ready(client: Client, site: Site) -> None:
    report(site)
    site.clock.advance(seconds=3)
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.mimetype == "application/json"
    assert json.loads(response.get_data()) == {
        "ready": True,
        "database": "ok",
        "schema": "ok",
        "scheduler": "ok",
        "last_tick_age_seconds": 3.0,
        "config_revision": 1,
    }


def test_not_ready_without_a_scheduler(client: Client, site: Site) -> None:
    report(site, kind="web", name="web 1")
    response = client.get("/readyz")
    assert response.status_code == 503
    facts = json.loads(response.get_data())
    assert facts["ready"] is False
    assert facts["last_tick_age_seconds"] is None
    assert "feedsvc scheduler" in facts["scheduler"]


def test_not_ready_when_the_last_tick_is_old(client: Client, site: Site) -> None:
    report(site)
    site.clock.advance(seconds=61)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert json.loads(response.get_data())["last_tick_age_seconds"] == 61.0


def test_alive_but_not_ready_without_a_database(site: Site) -> None:
    store = Breakable(site.store)
    in_force = type(site.services.in_force)(store, site.clock)  # type: ignore[arg-type] # stands in for it
    app: Flask = create_app(replace(site.services, store=store, in_force=in_force))  # type: ignore[arg-type]
    client = app.test_client()
    report(site)
    assert client.get("/readyz").status_code == 200
    store.broken = True
    site.clock.advance(seconds=5)
    assert client.get("/healthz").status_code == 200
    response = client.get("/readyz")
    assert response.status_code == 503
    assert json.loads(response.get_data())["database"] == "cannot be read: see the log"
    page = client.get("/")
    assert (page.status_code, page.mimetype) == (503, "text/html")
    assert page.headers["Retry-After"] == "5"
