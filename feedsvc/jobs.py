"""Who does what when: the tick that claims due sources, the pools that poll, the job that publishes.

APScheduler runs three jobs a second and two now and then: what is due stands in our own tables, so that any
number of schedulers share the work (docs/decisions/0004-one-tick.md).
"""

import os
import socket
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import timedelta

from apscheduler.schedulers.background import BackgroundScheduler

from feedsvc import publish
from feedsvc.bootstrap import SLOW_THREADS
from feedsvc.collect import collect_source
from feedsvc.errors import FeedsvcError, LeaseLost, NotFound, Stopped
from feedsvc.hub import errands, topics
from feedsvc.model import Poll
from feedsvc.services import Services
from feedsvc.telemetry import logger

TICK = timedelta(seconds=1)
BUSY = 0.9  # seconds of a tick that may go on claiming
PAUSE = 0.02  # seconds between two claims, so that one claim fills several threads
UPKEEP = timedelta(hours=1)
SETTLE = timedelta(minutes=1)
PUSH_THREADS = 8  # for subscribers and hubs, who may be slow: no poll and no publication waits for them
STOP_WITHIN = timedelta(seconds=1.5)  # how long running polls may finish after a stop
LANES = ("normal", "slow")


@dataclass(slots=True)
class Lane:
    """A bounded pool and what runs in it: (source id, lease) -> future. Only the tick adds and removes."""

    name: str
    threads: int
    pool: ThreadPoolExecutor
    running: dict[tuple[str, str], Future[None]] = field(default_factory=dict)

    def free(self) -> int:
        """How many polls it can take on now."""
        self.running = {key: one for key, one in self.running.items() if not one.done()}
        return self.threads - len(self.running)


class Scheduler:
    """The collector of one process; start and stop it once."""

    def __init__(self, services: Services, *, name: str | None = None, note: Callable[[], str] = str) -> None:
        """``note`` gives the words of the process's report, e.g. ``config: invalid``."""
        self._services = services
        self._note = note
        self.name = name or f"scheduler {socket.gethostname()} {os.getpid()} {uuid.uuid4().hex[:6]}"
        threads = services.config().fetch.threads
        self._lanes = tuple(
            Lane(name=lane, threads=count, pool=ThreadPoolExecutor(count, thread_name_prefix=lane))
            for lane, count in zip(LANES, (threads, SLOW_THREADS), strict=True)
        )
        self._push = Lane(
            name="push",
            threads=PUSH_THREADS,
            pool=ThreadPoolExecutor(PUSH_THREADS, thread_name_prefix="push"),
        )
        self._apscheduler = BackgroundScheduler(
            timezone="UTC",
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        self._stopping = threading.Event()

    def start(self) -> None:
        """Begin at once; returns while the jobs run in their own threads."""
        now = self._services.clock()
        for job, every in (
            (self.tick, TICK),
            (self.publish, TICK),
            (self.push, TICK),
            (self.settle, SETTLE),
            (self.upkeep, UPKEEP),
        ):
            self._apscheduler.add_job(
                _loud(job), "interval", seconds=every.total_seconds(), next_run_time=now, id=job.__name__
            )
        self._apscheduler.start()

    def stop(self) -> None:
        """Claim nothing more, let running polls finish for a moment, give the rest back."""
        self._stopping.set()
        self._apscheduler.shutdown(wait=True)  # each job looks at the flag between two small steps
        lanes = (*self._lanes, self._push)
        running = {key: one for lane in lanes for key, one in list(lane.running.items())}
        for lane in lanes:
            lane.pool.shutdown(wait=False, cancel_futures=True)
        wait(running.values(), timeout=STOP_WITHIN.total_seconds())
        unfinished = [lease for (_, lease), one in running.items() if one.cancelled() or not one.done()]
        self._services.store.release(unfinished)
        self._services.store.leave(self.name)

    def join(self) -> None:
        """Wait for the last poll to end; close the fetcher first, or that takes as long as its fetch."""
        for lane in (*self._lanes, self._push):
            lane.pool.shutdown(wait=True)

    def tick(self) -> None:
        """Say that we are alive, claim what is due and hand it to the pools."""
        now = self._services.clock()
        number, config = self._services.in_force.current()
        self._services.store.report(
            name=self.name, kind="scheduler", revision=number, note=self._note(), now=now
        )
        lease_for = lease_time(config.fetch.timeout)
        normal, slow = self._lanes
        self._claim(slow, lease_for)
        # A poll takes milliseconds where little has changed: as threads come free, they get more.
        until = time.monotonic() + BUSY
        while self._claim(normal, lease_for) and time.monotonic() < until:
            time.sleep(PAUSE)

    def publish(self) -> None:
        """Make finished bytes of what the polls changed."""
        for done in publish.publish_due(self._services, go_on=lambda: not self._stopping.is_set()):
            for error in done.dropped:
                logger().warning("article left out", feed=done.feed_key, error=str(error))
            if done.error is not None:
                logger().error("feed not published", feed=done.feed_key, error=str(done.error))
            if done.changed:
                logger().info("published", feed=done.feed_key)

    def push(self) -> None:
        """Hand what is due of WebSub to its own pool: who is to be told, and who is to be asked."""
        until = time.monotonic() + BUSY
        while self._take_errands() and time.monotonic() < until:
            time.sleep(PAUSE)

    def settle(self) -> None:
        """Bring the subscriptions in line with the config."""
        topics.settle(self._services)

    def upkeep(self) -> None:
        """Apply retention until nothing is left to take."""
        while not self._stopping.is_set() and self._services.store.prune(self._services.clock()):
            pass

    def _claim(self, lane: Lane, lease_for: timedelta) -> bool:
        """Fill a lane's free threads; is there, or may there be, more to do?"""
        free = 0 if self._stopping.is_set() else lane.free()
        if not free:
            return not self._stopping.is_set()
        lease = uuid.uuid4().hex
        claimed = self._services.store.claim_due(
            now=self._services.clock(), lease=lease, lease_for=lease_for, lane=lane.name, most=free
        )
        for source_id in claimed:
            lane.running[source_id, lease] = lane.pool.submit(self._poll, source_id, lease)
        return len(claimed) == free

    def _take_errands(self) -> bool:
        """Fill the free threads of the push lane; may there be more to do?"""
        free = 0 if self._stopping.is_set() else self._push.free()
        if not free:
            return not self._stopping.is_set()
        lease, lease_for = uuid.uuid4().hex, lease_time(self._services.config().fetch.timeout)
        taken = errands.take(self._services, lease=lease, lease_for=lease_for, most=free)
        for one in taken:
            name = f"{type(one).__name__} {one.n}"
            self._push.running[name, lease] = self._push.pool.submit(run_errand, self._services, one, lease)
        return bool(taken)  # not as many as are free: a host may have had its share for now

    def _poll(self, source_id: str, lease: str) -> None:
        try:
            poll_source(self._services, source_id, lease=lease)
        except Exception:
            # Nobody waits for this thread: without a word here a bug would pass in silence. The lease is
            # kept, so that the source is tried again when it runs out, not at once.
            logger().exception("poll crashed", source=source_id)
            raise


def lease_time(timeout: timedelta) -> timedelta:
    """How long a poll may take before its source is free again: its fetch and, begun within 1.5 times the
    timeout (follow.until), the last of those that it leads to, which a browser may make twice as long."""
    return max(4 * timeout, timedelta(seconds=5))


def run_errand(services: Services, errand: errands.Errand, lease: str) -> None:
    """Do a leased errand of WebSub and log one line."""
    try:
        report = errands.run(services, errand, lease)
    except Stopped:
        return  # the lease is given back by whoever stops us
    except Exception:
        # As with polls: nobody waits for this thread, and the lease runs out by itself.
        logger().exception("push crashed", errand=type(errand).__name__)
        raise
    log = logger().warning if report.failed else logger().info
    log(report.event, **report.facts)


def poll_source(services: Services, source_id: str, *, lease: str, trigger: str = "due") -> Poll | None:
    """Poll a leased source and log one line; None if nothing could be saved."""
    try:
        record = collect_source(services, source_id, lease=lease, trigger=trigger)
    except (LeaseLost, NotFound, Stopped) as error:
        # Taken over, taken out of the config, or we stop: somebody else's business now.
        logger().info("poll dropped", source=source_id, reason=str(error))
        return None
    _log(record)
    return record


def _log(record: Poll) -> None:
    facts = {
        "source": record.source_id,
        "outcome": record.outcome,
        "status": record.status,
        "new": record.new,
        "updated": record.updated,
        "ms": record.ms,
    }
    if record.outcome == "failed":
        due = record.next_check and record.next_check.at.isoformat(timespec="seconds")
        logger().warning("poll", **facts, kind=record.error_kind, error=record.error, next=due)
    else:
        logger().info("poll", **facts)
    for reason in record.rejected:
        logger().warning("item left out", source=record.source_id, reason=reason)


def _loud(job: Callable[[], None]) -> Callable[[], None]:
    """A job whose failure is told and does not end the schedule."""

    def run() -> None:
        try:
            job()
        except FeedsvcError as error:
            logger().error("job failed", job=job.__name__, error=str(error))

    return run
