"""Does the demo start, say what to look at, answer, and end with Ctrl-C without leaving anything?"""

import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from feedsvc.config import load
from tests.site.demo import free, write_config

ROOT = Path(__file__).parents[1]


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    ports = ["--site-port", str(free(18_001)), "--port", str(free(18_101))]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.site.demo", *ports, "--every", "1"],
        cwd=ROOT,  # and nothing in PATH: without Chromium it starts sooner
        env={"PATH": str(Path(sys.executable).parent), "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process
    if process.poll() is None:
        process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def get(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return str(answer.read().decode())


@pytest.mark.slow
def test_the_demo(demo: subprocess.Popen[str], tmp_path: Path) -> None:
    told, printed = "", ""
    assert demo.stdout is not None
    for line in demo.stdout:
        told += line
        if "printed:" in line:
            printed = line
            break
    assert printed, told
    site, feeds = re.findall(r"http://127\.0\.0\.1:\d+", told)[:2]
    assert "The piano has landed" in printed
    assert "The piano has landed" in get(f"{site}/town/")
    assert "From the Ostrand Courier" in get(f"{feeds}/")
    demo.send_signal(signal.SIGINT)
    assert demo.wait(20) == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("with_browser", [True, False])
def test_its_config_is_right(tmp_path: Path, with_browser: bool) -> None:
    write_config(tmp_path, "http://127.0.0.1:8001", with_browser=with_browser)
    config = load(tmp_path)
    assert ("live" in {source.id for source in config.sources}) == with_browser
    assert {name for source in config.sources for name in source.categories} <= {
        category.id for category in config.categories
    }
