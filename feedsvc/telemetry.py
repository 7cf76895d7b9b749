"""What does the service say of itself while it runs? One line an event, for people or for machines."""

import logging
import sys
from typing import Any, Literal

import structlog

from feedsvc.addresses import without_tokens

LogFormat = Literal["console", "json"]


def configure_logging(log_format: LogFormat = "console", *, verbosity: int = 0, color: bool = True) -> None:
    """Send logs to stderr: ``verbosity`` -1 warnings only, 0 one line an event, 1 and more details."""
    level = {-1: logging.WARNING, 0: logging.INFO}.get(max(verbosity, -1), logging.DEBUG)
    renderer: Any = (
        structlog.processors.JSONRenderer(sort_keys=True)
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=color and sys.stderr.isatty(), pad_event_to=28)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _hide_tokens,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    # Libraries log through the standard module: their warnings are wanted, their chatter is not.
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    # Its warnings quote addresses with their query, where a source may keep a secret.
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    # It warns each second that a job takes longer than a second, and then is not begun again: as is meant.
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)


def _hide_tokens(_logger: Any, _method: str, event: Any) -> Any:
    """Whatever is logged, an error's story too: who reads logs must not get to read private feeds."""
    return {name: without_tokens(told) if isinstance(told, str) else told for name, told in event.items()}


def logger() -> Any:
    return structlog.get_logger()
