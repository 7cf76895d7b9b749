"""What of an episode's untrusted data may be stored and shown, and what would a reader miss?"""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from feedsvc.model import Article, Image, ParsedItem, Person, Podcast, Soundbite, Source, Transcript
from feedsvc.refine.clean import clean
from feedsvc.refine.podcast import MOST

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def article(podcast: Podcast | None, **fields: object) -> Article:
    item = ParsedItem(guid="1", title="Ebb", podcast=podcast, **fields)  # type: ignore[arg-type]
    source = Source(id="pod", type="feed")
    return clean(item, source=source, base_url="https://pod.example/feed", now=NOW, language=None)


def test_words_are_plain_and_addresses_absolute() -> None:
    claimed = Podcast(
        subtitle="On <script>x</script><b>tides</b> &amp; more\x01",
        author=" A\tB ",
        duration=10**12,
        chapters="/7.json",
        chapters_type="x\x00",
        transcripts=(Transcript(url="7.vtt"), Transcript(url="javascript:alert(1)")),
        soundbites=(Soundbite(start=1e300, duration=1), Soundbite(start=1.5, duration=2, title="<i>a</i>")),
        people=(
            Person(name="<b></b>"),
            Person(name="Gil &lt;", url="ftp://x/", image="//cdn.example/g.png", role="host"),
        ),
    )
    assert article(claimed).podcast == Podcast(
        subtitle="On tides & more",
        author="A B",
        chapters="https://pod.example/7.json",
        chapters_type="x",
        transcripts=(Transcript(url="https://pod.example/7.vtt"),),
        soundbites=(Soundbite(start=1.5, duration=2, title="a"),),
        people=(Person(name="Gil <", image="https://cdn.example/g.png", role="host"),),
    )


def test_what_the_article_says_already_goes() -> None:
    told = Podcast(title="EBB", subtitle="Of  tides.", summary="At length", episode=3)
    assert article(told, summary="<p>Of tides</p>", content="At <i>length</i>").podcast == Podcast(episode=3)
    assert article(Podcast(title="ebb")).podcast is None


def test_lists_have_an_end() -> None:
    many = Podcast(people=tuple(Person(name=f"p{n}") for n in range(MOST + 5)))
    cleaned = article(many).podcast
    assert cleaned is not None
    assert len(cleaned.people) == MOST


@pytest.mark.parametrize(
    ("change", "matters"),
    [
        ({"duration": 9}, False),
        ({"explicit": True}, False),
        ({"episode": 4}, True),
        ({"subtitle": "another"}, True),
        ({"transcripts": (Transcript(url="https://pod.example/3.vtt"),)}, True),
        ({"transcripts": (Transcript(url="http://www.pod.example/2.vtt?utm_source=x"),)}, False),
        ({"people": (Person(name="Gil"),)}, True),
        ({"people": (Person(name="Ada", image="https://pod.example/1.png"),)}, False),
        ({"chapters": "https://pod.example/c.json"}, True),
        ({"soundbites": (Soundbite(start=1, duration=2),)}, True),
    ],
)
def test_what_a_reader_would_see_again_for(change: dict[str, object], matters: bool) -> None:
    before = Podcast(
        episode=3,
        subtitle="one",
        transcripts=(Transcript(url="https://pod.example/2.vtt"),),
        people=(Person(name="Ada"),),
    )
    now = replace(before, **change)  # type: ignore[arg-type]
    assert (article(now).fingerprint != article(before).fingerprint) is matters


def test_pictures_say_who_made_them() -> None:
    claimed = Image(url="/a.jpg", credit="<b>Ada</b>\nBen", caption="A &quot;harbour&quot;")
    assert article(None, image=claimed).image == Image(
        url="https://pod.example/a.jpg", credit="Ada Ben", caption='A "harbour"'
    )
    assert article(None, image=replace(claimed, caption="Ebb")).image == Image(
        url="https://pod.example/a.jpg", credit="Ada Ben"
    )
