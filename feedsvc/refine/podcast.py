"""What of an episode's untrusted data may be stored and shown, and what of it would a reader miss?"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final

from feedsvc.model import Person, Podcast, Soundbite, Transcript
from feedsvc.refine.canonical import canonical_url
from feedsvc.refine.links import absolute

MOST: Final = 100  # transcripts, soundbites or people of one episode
LONGEST_NAME: Final = 255  # characters; iTunes' own bound of short texts
_YEAR: Final = 366 * 86_400  # seconds; nothing lasts longer

Words = Callable[[str | None], str]  # untrusted text as one line of plain words
Short = Callable[[str | None], str | None]  # the same, cut, None if nothing is left


def cleaned(claimed: Podcast | None, *, base: str, words: Words, said: Iterable[str]) -> Podcast | None:
    """The same with plain words and absolute addresses; None if nothing is left.

    ``said`` are the title and texts of the article in plain words: what only says them again goes.
    """
    if claimed is None:
        return None
    known = {_folded(text) for text in said}

    def new(text: str | None) -> str | None:
        found = words(text)
        return found if found and _folded(found) not in known else None

    def short(text: str | None) -> str | None:
        return words(text)[:LONGEST_NAME].strip() or None

    chapters = absolute(claimed.chapters, base) if claimed.chapters else None
    kept = replace(
        claimed,
        title=new(claimed.title),
        subtitle=new(claimed.subtitle),
        summary=new(claimed.summary),
        author=short(claimed.author),
        duration=_lasting(claimed.duration),
        episode_name=short(claimed.episode_name),
        season_name=short(claimed.season_name),
        chapters=chapters,
        chapters_type=short(claimed.chapters_type) if chapters else None,
        transcripts=tuple(_transcripts(claimed.transcripts, base, short))[:MOST],
        soundbites=tuple(_soundbites(claimed.soundbites, short))[:MOST],
        people=tuple(_people(claimed.people, base, short))[:MOST],
        location=short(claimed.location),
        license=short(claimed.license),
    )
    return None if kept == Podcast() else kept


def _folded(text: str) -> str:
    """For comparing: without white space, case, and the mark of what was cut."""
    return "".join(text.split()).casefold().rstrip("….")


def _lasting(seconds: int | None) -> int | None:
    return seconds if seconds is not None and 0 < seconds <= _YEAR else None


def _transcripts(claimed: Iterable[Transcript], base: str, short: Short) -> Iterator[Transcript]:
    for one in claimed:
        if url := absolute(one.url, base):
            yield replace(one, url=url, type=short(one.type), language=short(one.language))


def _soundbites(claimed: Iterable[Soundbite], short: Short) -> Iterator[Soundbite]:
    for one in claimed:
        if 0 <= one.start <= _YEAR and 0 < one.duration <= _YEAR:
            yield replace(one, title=short(one.title))


def _people(claimed: Iterable[Person], base: str, short: Short) -> Iterator[Person]:
    for one in claimed:
        if name := short(one.name):
            yield Person(
                name=name,
                role=short(one.role),
                group=short(one.group),
                url=absolute(one.url, base) if one.url else None,
                image=absolute(one.image, base) if one.image else None,
            )


def facts(podcast: Podcast | None) -> Iterator[str]:
    """What a reader would see again for: words, numbers, transcripts, chapters and people; no durations,
    which differ with the advertisements of the day."""
    if podcast is None:
        return
    yield "\t".join(
        (
            "episode",
            *(text or "" for text in (podcast.title, podcast.subtitle, podcast.summary, podcast.kind)),
            *(str(number or "") for number in (podcast.season, podcast.episode)),
            *(text or "" for text in (podcast.season_name, podcast.episode_name)),
        )
    )
    yield from (f"transcript\t{canonical_url(one.url)}" for one in podcast.transcripts)
    yield from (f"soundbite\t{one.start}\t{one.title or ''}" for one in podcast.soundbites)
    yield from (f"person\t{one.name}\t{one.role or ''}" for one in podcast.people)
    if podcast.chapters:
        yield f"chapters\t{canonical_url(podcast.chapters)}"
