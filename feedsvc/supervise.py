"""How does one command run the whole service? Two processes, started again if one dies, stopped together."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence

from feedsvc.telemetry import logger

STOP_WITHIN = 2.7  # seconds; what still runs then is killed
STEADY = 30.0  # seconds after which a process counts as having started well
SLOWEST_RESTART = 30.0  # seconds
PARENT = "FEEDSVC_SUPERVISOR"  # pid of the supervisor, for a child to notice that it is gone


def supervise(commands: Mapping[str, Sequence[str]]) -> int:
    """Run ``name -> feedsvc arguments`` until SIGINT or SIGTERM; returns the exit code."""
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    children = [Child(name, arguments) for name, arguments in commands.items()]
    while not stopping.is_set():
        for child in children:
            child.keep_alive()
        stopping.wait(0.2)
    _stop(children)
    return 0


class Child:
    """One supervised process; each quick death doubles the pause before the next start."""

    def __init__(self, name: str, arguments: Sequence[str]) -> None:
        self.name = name
        self._command = [sys.executable, "-m", "feedsvc", *arguments]
        self.process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._pause = 0.0

    def keep_alive(self) -> None:
        """Start the process if it does not run and its pause is over."""
        if self.process is not None and self.process.poll() is not None:
            code = self.process.returncode
            steady = time.monotonic() - self._started > STEADY
            self._pause = 1.0 if steady else min(max(1.0, self._pause * 2), SLOWEST_RESTART)
            logger().error(
                "process ended, starting it again", process=self.name, code=code, after=self._pause
            )
            self.process = None
            self._started = time.monotonic()
        if self.process is None and time.monotonic() - self._started >= self._pause:
            self._started = time.monotonic()
            # A session of its own: Ctrl-C reaches the supervisor alone, which stops all in good order.
            self.process = subprocess.Popen(
                self._command,
                start_new_session=True,
                env={**os.environ, PARENT: str(os.getpid())},
            )


def _stop(children: Sequence[Child]) -> None:
    running = [child.process for child in children if child.process is not None]
    for process in running:
        process.terminate()
    until = time.monotonic() + STOP_WITHIN
    for process in running:
        try:
            process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def stop_with_supervisor(stop: Callable[[], None]) -> None:
    """In a child: call ``stop`` when the supervisor has died without telling us (it was killed)."""
    parent = os.environ.get(PARENT)
    if parent is None:
        return

    def look() -> None:
        while os.getppid() == int(parent):
            time.sleep(1.0)
        stop()

    threading.Thread(target=look, name="supervisor", daemon=True).start()
