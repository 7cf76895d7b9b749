"""What is looked for at an address, and in which order?

The address itself, the feeds that its page names, what is known of its platform; only if that brings nothing
the usual places, interfaces and sitemaps; and the page as a list of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from feedsvc.discover import have, others
from feedsvc.discover.place import Place, arrive
from feedsvc.discover.trial import Trials, source_of
from feedsvc.discover.visits import Visits
from feedsvc.errors import BadStatus, ParseError
from feedsvc.model import Document, Request
from feedsvc.pages import alternates
from feedsvc.pages.alternates import Candidate
from feedsvc.refine.canonical import canonical_url
from feedsvc.services import Services
from feedsvc.sources.discover import Have, Proposal, guesses, ranked
from feedsvc.sources.doubts import is_near
from feedsvc.sources.platforms import Platform, candidates

LATER: Final = 4  # fetches that the first round leaves to the rounds after it
MOST_NAMED: Final = 8  # feeds named by a page that are tried
MOST_KNOWN: Final = 4  # feeds known of a platform that are tried


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """What was found at ``asked``. ``url`` is where that led, ``trouble`` why it could not be read as a page
    (a sentence, empty if it could), ``have`` a source that has this very address already."""

    asked: str
    url: str
    title: str
    proposals: tuple[Proposal, ...]
    trouble: str = ""
    have: Have | None = None
    fetches: int = 0


def discover(
    services: Services, text: str, *, platforms: Iterable[Platform], thorough: bool = False
) -> Discovery:
    """Every way to collect what is at an address, each really tried, best first; nothing is stored.

    ``thorough`` looks for interfaces and sitemaps although there is a feed. What cannot be had is no
    exception but ``trouble``.

    :raises NotFound: if ``text`` is no address.
    :raises Stopped: if the service is shutting down.
    """
    visits, place = arrive(services, text)
    trials = Trials(services=services, asked=place.asked, now=services.clock())
    found = list(_itself(trials, place))
    if not found and _is_worth_more(place):
        found += _feeds(trials, visits, place, platforms)
        if thorough or not any(map(_is_good, found)):
            found += others.json_at(trials, place)
            found += others.wordpress(trials, visits, place)
            found += others.sitemaps(trials, visits, place)
        found += others.listing(trials, visits, place)
    proposals = ranked(found)
    return Discovery(
        asked=place.given,
        url=place.asked.url,
        title=place.asked.title,
        proposals=proposals,
        trouble="" if _is_itself(proposals) else place.told or _no_list(place, proposals),
        have=have.by_address(services, (place.given, place.asked.url)),
        fetches=visits.count,
    )


# ---- the address itself -----------------------------------------------------------------------------


def _itself(trials: Trials, place: Place) -> Iterable[Proposal]:
    """The address as that of a feed, of a sitemap, of JSON."""
    if place.document is None:
        return
    itself = Candidate(url=place.given, how="the address itself", found="itself")
    found = trials.feed(itself, place.document)
    if found is None and place.page is None:
        found = trials.proposal(itself, source_of("sitemap", url=place.given), place.document)
    if found is not None:
        yield found
    elif place.page is None:
        yield from others.json_at(trials, place)


def _no_list(place: Place, proposals: Sequence[Proposal]) -> str:
    """Why the page lists no articles, if somebody wants to know."""
    error = place.listing
    wanted = isinstance(error, ParseError) and (error.kind == "list-empty" or not proposals)
    return str(error) if wanted else ""


def _is_worth_more(place: Place) -> bool:
    """May there be something beside it? A page that is refused or gone may well have a feed; a server that is
    broken or wants to be left alone is not asked again."""
    if isinstance(place.trouble, BadStatus):
        return 400 <= place.trouble.status < 500 and place.trouble.status != 429
    return place.page is not None


def _is_good(one: Proposal) -> bool:
    return bool(one.articles) and not one.notes


def _is_itself(proposals: Sequence[Proposal]) -> bool:
    """Is the address one of a source as it stands? Then it is no trouble that it is no page."""
    return any(one.candidate.found == "itself" for one in proposals)


# ---- feeds ------------------------------------------------------------------------------------------


def _feeds(trials: Trials, visits: Visits, place: Place, platforms: Iterable[Platform]) -> Sequence[Proposal]:
    """Those that the page names or that are known of its platform; if none of them is any good, the usual
    places."""
    found = _tried(trials, visits, _named(place, platforms), spare=LATER)
    if not any(map(_is_good, found)):
        seen = {canonical_url(one.candidate.url) for one in found}
        usual = [one for one in guesses(place.asked.url) if canonical_url(one.url) not in seen]
        found += _tried(trials, visits, usual, spare=LATER)
    return found


def _named(place: Place, platforms: Iterable[Platform]) -> list[Candidate]:
    """Of each kind not too many, those that seem to be of this page first: the sections of a newspaper are
    more than anybody wants to have tried."""
    there = alternates.feeds(place.page, place.document) if place.page and place.document else ()
    named = sorted(there, key=lambda one: -is_near(one.url, place.asked))
    urls = [place.asked.url, *(alternates.own_addresses(place.page) if place.page else ())]
    known = [*candidates(platforms, urls, place.page.text if place.page else None)]
    return _once([*named[:MOST_NAMED], *known[:MOST_KNOWN]])


def _tried(trials: Trials, visits: Visits, wanted: Sequence[Candidate], *, spare: int) -> list[Proposal]:
    # Guessed: the usual answer of a site that has nothing there is a redirect to its front page.
    answers = visits.all(
        wanted, lambda one: Request(url=one.url, redirects=one.found != "guessed"), spare=spare
    )
    found = (trials.feed(one, answer) for one, answer in answers if isinstance(answer, Document))
    return [one for one in found if one is not None]


def _once(wanted: Iterable[Candidate]) -> list[Candidate]:
    first: dict[str, Candidate] = {}
    for one in wanted:
        first.setdefault(canonical_url(one.url), one)
    return list(first.values())
