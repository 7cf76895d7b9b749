"""What is due of WebSub, on either side, and how is it done?"""

from datetime import timedelta
from typing import TypeAlias

from feedsvc.hub.deliver import deliver
from feedsvc.hub.report import Report
from feedsvc.hub.subscriber import ask
from feedsvc.hub.verify import deny, verify
from feedsvc.model import Delivery, Intent, Wish
from feedsvc.services import Services

Errand: TypeAlias = Intent | Delivery | Wish


def take(services: Services, *, lease: str, lease_for: timedelta, most: int) -> list[Errand]:
    """Lease up to ``most`` errands: who waits for an answer comes before who waits for news.

    :raises StoreError: if the database refuses.
    """
    store, now = services.store, services.clock()
    taken: list[Errand] = []
    for take_some in (store.take_intents, store.take_wishes, store.take_deliveries):
        if len(taken) < most:
            taken += take_some(now=now, lease=lease, lease_for=lease_for, most=most - len(taken))
    return taken


def run(services: Services, errand: Errand, lease: str) -> Report:
    """Do a leased errand; what fails of it is tried again later, or given up.

    :raises Stopped: if the service is shutting down; the lease is still held then.
    :raises StoreError: if the database refuses.
    """
    match errand:
        case Intent(mode="denied"):
            return deny(services, errand, lease)
        case Intent():
            return verify(services, errand, lease)
        case Delivery():
            return deliver(services, errand, lease)
        case Wish():
            return ask(services, errand, lease)
