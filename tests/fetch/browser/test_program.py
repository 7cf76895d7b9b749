"""Is the right Chromium found, and what is missing told so that everybody knows what to do?"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from feedsvc.errors import FetchError
from feedsvc.fetch.browser.program import program, sandboxed
from feedsvc.model import Request
from tests.fetch.browser.conftest import MakeDrawing

ROOT = Path(__file__).parents[3]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory that is all there is in PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def make(file: Path) -> str:
    file.write_text("#!/bin/sh\nexit 7\n")
    file.chmod(0o755)
    return str(file)


def test_first_name_that_is_there(path: Path) -> None:
    with pytest.raises(
        FetchError, match="install the package chromium, or name the program in FEEDSVC_CHROMIUM"
    ) as no:
        program("/nowhere/chrome", {})
    assert no.value.kind == "browser"
    bundled = make(path / "bundled")
    assert program(bundled, {}) == bundled
    chrome = make(path / "google-chrome")
    assert program(bundled, {}) == chrome
    chromium = make(path / "chromium")
    assert program(bundled, {}) == chromium
    assert program(bundled, {"FEEDSVC_CHROMIUM": chrome}) == chrome
    assert program(bundled, {"FEEDSVC_CHROMIUM": "google-chrome"}) == chrome
    with pytest.raises(FetchError, match="FEEDSVC_CHROMIUM names no program: /gone"):
        program(bundled, {"FEEDSVC_CHROMIUM": "/gone"})


def test_sandbox_is_on_unless_it_cannot_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert sandboxed({})
    assert not sandboxed({"FEEDSVC_CHROMIUM_SANDBOX": "off"})
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert not sandboxed({"FEEDSVC_CHROMIUM_SANDBOX": "on"})


def test_program_that_does_not_start(
    tmp_path: Path, make_drawing: MakeDrawing, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = make(tmp_path / "broken")
    monkeypatch.setenv("FEEDSVC_CHROMIUM", broken)
    fetcher = make_drawing()
    with pytest.raises(FetchError, match=f"No browser: {broken} did not start") as caught:
        fetcher.get(Request(url="http://localhost/", render="browser"))
    assert caught.value.kind == "browser"


def test_without_the_extra() -> None:
    code = """
import sys
from datetime import timedelta
sys.modules["playwright"] = None
from feedsvc.errors import FetchError
from feedsvc.fetch import Fetcher
from feedsvc.model import Request
fetcher = Fetcher(timeout=timedelta(seconds=9), max_bytes=9, user_agent="t/1")
try:
    fetcher.get(Request(url="https://example.org/", render="browser"))
except FetchError as error:
    print(error.kind, error)
fetcher.close()
"""
    ran = subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, capture_output=True, text=True)
    told = "No browser: render: browser needs the extra, pip install 'feedsvc[browser]', and chromium."
    assert ran.stdout == f"browser {told}\n"
