"""Which Chromium is there, and how is it started so that nothing of it goes past the proxy?

Imports playwright, as ``keeper`` and ``drawing`` do: loaded when the first page is asked for, not before.
"""

import os
import shutil
from collections.abc import Mapping

from playwright.async_api import Browser, Playwright
from playwright.async_api import Error as PlaywrightError

from feedsvc.errors import FetchError

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "chrome",
    "microsoft-edge-stable",
)
PATH_VARIABLE = "FEEDSVC_CHROMIUM"
SANDBOX_VARIABLE = "FEEDSVC_CHROMIUM_SANDBOX"
_OFF = {"off", "0", "false", "no"}

_MISSING = (
    "No browser: render: browser needs Chromium (install the package chromium, or name the program in "
    f"{PATH_VARIABLE})."
)
_PASSED_ON = {"PATH", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH"}  # all else may be secret
_NO_HOME = "/nonexistent"  # its profile is elsewhere, and it has no business with anybody's files

_SWITCHES = (
    # Names are resolved by our proxy. Chromium itself knows no address but the proxy's.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--dns-prefetch-disable",
    # What does not go through an http proxy does not go at all.
    "--disable-quic",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    # Not asked for, so that pages see neither success nor failure of it.
    "--blink-settings=imagesEnabled=false",
    "--disable-remote-fonts",
    "--autoplay-policy=user-gesture-required",
    "--mute-audio",
    # Memory: one page is one process; what other sites put into it does not get more.
    "--disable-site-isolation-trials",
    "--js-flags=--max-old-space-size=512",
    "--disable-gpu",
    "--disable-software-rasterizer",
    "--disable-crash-reporter",
    "--no-pings",
)
# Of Playwright's own: pop-ups without a click are as unwanted here as by people.
_LEFT_OUT = ("--disable-popup-blocking",)


def program(bundled: str, environment: Mapping[str, str] = os.environ) -> str:
    """The path of the browser; ``bundled`` is where Playwright's own would be. Raises FetchError."""
    named = environment.get(PATH_VARIABLE)
    found = [shutil.which(name) for name in ((named,) if named else NAMES)]
    if not named:
        found.append(shutil.which(bundled))
    for path in found:
        if path is not None:
            return path
    raise FetchError("", f"{PATH_VARIABLE} names no program: {named}." if named else _MISSING, kind="browser")


def sandboxed(environment: Mapping[str, str] = os.environ) -> bool:
    """Chromium refuses its sandbox to root; elsewhere it has one unless the machine's owner says no."""
    return os.geteuid() != 0 and environment.get(SANDBOX_VARIABLE, "").lower() not in _OFF


async def launch(playwright: Playwright, *, proxy: str) -> Browser:
    """A running Chromium without a page; its profile is a directory that the driver makes and takes away.

    Raises FetchError of kind "browser".
    """
    path = program(playwright.chromium.executable_path)
    environment = {name: value for name, value in os.environ.items() if name in _PASSED_ON}
    try:
        return await playwright.chromium.launch(
            executable_path=path,
            args=_SWITCHES,
            ignore_default_args=_LEFT_OUT,
            chromium_sandbox=sandboxed(),
            # Nobody shows this proxy a pass but pages: what Chromium itself would like to load is refused.
            proxy={"server": proxy, "bypass": "<-loopback>"},
            env={**environment, "HOME": _NO_HOME},
            handle_sigint=False,
            handle_sigterm=False,
            handle_sighup=False,
            timeout=30_000,
        )
    except PlaywrightError as error:
        raise FetchError(
            "", f"No browser: {path} did not start ({_reason(error)}).", kind="browser"
        ) from error


def _reason(error: PlaywrightError) -> str:
    """The line in which Chromium says it, of a message of fifty lines."""
    lines = [line.strip() for line in error.message.splitlines()]
    told = [line for line in lines if "sandbox" in line or "FATAL" in line or "error" in line.lower()]
    return (told or lines)[0][:300]
