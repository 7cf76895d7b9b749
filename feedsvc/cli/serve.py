"""How do the lasting processes start and stop: all in one, web alone, scheduler alone?"""

import os
import signal
import socket
import threading
import time
from contextlib import closing
from typing import Final

import click

from feedsvc.bootstrap import open_services, open_store
from feedsvc.cli.output import say
from feedsvc.cli.session import Options, files_or_last_good, process_name, services_on
from feedsvc.errors import FeedsvcError
from feedsvc.jobs import Scheduler
from feedsvc.store import Store
from feedsvc.supervise import stop_with_supervisor, supervise
from feedsvc.watch import LEASE, ConfigReader
from feedsvc.web.server import run

THREADS: Final = "How many pages are made at the same time; finished feeds need none."
FIRST_CONFIG_WITHIN: Final = 30.0  # seconds


@click.command()
@click.option("--host", metavar="HOST", help="Address to listen on; default: FEEDSVC_HOST, else 127.0.0.1.")
@click.option(
    "--port", type=click.IntRange(1, 65535), metavar="PORT", help="Default: FEEDSVC_PORT, else 8000."
)
@click.option("--no-scheduler", is_flag=True, help="Serve only: collect nothing.")
@click.option(
    "--threads", type=click.IntRange(1, 256), default=8, show_default=True, metavar="N", help=THREADS
)
@click.option("--no-migrate", is_flag=True, help="Leave the database schema as it is.")
@click.pass_context
def serve(
    ctx: click.Context,
    *,
    host: str | None,
    port: int | None,
    threads: int,
    no_scheduler: bool,
    no_migrate: bool,
) -> None:
    """Collect and serve until Ctrl-C: migrate, validate, then run the web and the scheduler process."""
    options = Options.of(ctx).listening_at(host=host, port=port)
    options.log(chatty=True)
    _refuse_if_taken(options.environment.host, options.environment.port)
    with closing(open_store(options.database_url, upgrade=not no_migrate)) as store:
        owner = process_name("command")
        config = files_or_last_good(options, store)
        services_on(store, config, owner=owner).fetcher.close()
        store.drop_lease(LEASE, owner)
    os.environ.update(_environment(options))
    say(f"feedsvc on {options.environment.listening()}/ (Ctrl-C stops)")
    flags = _flags(options)
    commands = {"web": [*flags, "web", "--threads", str(threads)], "scheduler": [*flags, "scheduler"]}
    if no_scheduler:
        del commands["scheduler"]
    ctx.exit(supervise(commands))


def _environment(options: Options) -> dict[str, str]:
    """What the two processes start from. Not as arguments: a database address may hold a password."""
    return {
        "FEEDSVC_CONFIG": str(options.config_dir),
        "FEEDSVC_DATABASE_URL": options.database_url,
        "FEEDSVC_HOST": options.environment.host,
        "FEEDSVC_PORT": str(options.environment.port),
    }


def _flags(options: Options) -> list[str]:
    loud = ["-v"] * max(options.verbosity, 0) + ["-q"] * max(-options.verbosity, 0)
    return [*loud, "--log-format", options.log_format, *([] if options.color else ["--no-color"])]


def _refuse_if_taken(host: str, port: int) -> None:
    """Better one clear line now than a process that dies again and again."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            hint = "stop what uses it, or choose another with --port"
            raise FeedsvcError(f"{host}:{port}: {error.strerror}: {hint}") from error


@click.command()
@click.option("--bind", metavar="HOST:PORT", help="Default: FEEDSVC_HOST and FEEDSVC_PORT.")
@click.option(
    "--threads", type=click.IntRange(1, 256), default=8, show_default=True, metavar="N", help=THREADS
)
@click.pass_context
def web(ctx: click.Context, *, bind: str | None, threads: int) -> None:
    """Serve the finished feeds and the pages, until stopped."""
    host, port = _split(bind) if bind else (None, None)
    options = Options.of(ctx).listening_at(host=host, port=port)
    options.log(chatty=True)
    with closing(open_store(options.database_url)) as store:
        _wait_for_config(store)
        services = open_services(store)
        stop = threading.Event()
        stop_with_supervisor(stop.set)
        listening = options.environment
        with closing(services.fetcher):
            run(services, host=listening.host, port=listening.port, threads=threads, stop=stop)


def _wait_for_config(store: Store) -> None:
    """A web process that is started together with the very first scheduler is a little early."""
    until = time.monotonic() + FIRST_CONFIG_WITHIN
    while store.revision_number() is None and time.monotonic() < until:
        time.sleep(0.2)


@click.command()
@click.pass_context
def scheduler(ctx: click.Context) -> None:
    """Collect due sources and publish, until stopped. Any number may share one database."""
    options = Options.of(ctx)
    options.log(chatty=True)
    name = process_name("scheduler")
    with closing(open_store(options.database_url)) as store:
        config = files_or_last_good(options, store)
        services = services_on(store, config, owner=name)
        reader = ConfigReader(services, options.config_dir, environment=options.environment, name=name)
        running = Scheduler(services, name=name, note=reader.note)
        stopping = _stop_signal()
        stop_with_supervisor(stopping.set)
        reader.start()
        running.start()
        stopping.wait()
        reader.stop()
        running.stop()
        services.fetcher.close()
        running.join()


def _stop_signal() -> threading.Event:
    """Set by Ctrl-C and by SIGTERM."""
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    return stopping


def _split(bind: str) -> tuple[str | None, int | None]:
    """``127.0.0.1:8000``, ``:8000`` or ``[::1]:8000``."""
    host, _, port = bind.rpartition(":")
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise click.BadParameter("write HOST:PORT, such as 0.0.0.0:8000", param_hint="--bind")
    return host.strip("[]") or None, int(port)
