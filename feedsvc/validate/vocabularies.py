"""Which elements have the vocabularies that feeds borrow from, and what may stand in them?"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from feedsvc.validate import tree
from feedsvc.validate.elements import MANY, Attribute, Place, Word, of_element
from feedsvc.validate.links import LINK
from feedsvc.validate.rules import Finding
from feedsvc.validate.tree import Element

_URL: Final = Attribute(kind="url", required=True)
_TYPE: Final = Attribute(kind="media-type", required=True)
_ITUNES_IMAGE: Final = Word(empty=True, attributes={"href": _URL})
_MEDIA: Final = {
    "url": Attribute(kind="iri"),
    "type": Attribute(kind="media-type"),
    "medium": Attribute(kind="medium"),
    "fileSize": Attribute(kind="count"),
    "duration": Attribute(kind="duration"),
    "width": Attribute(kind="count"),
    "height": Attribute(kind="count"),
    "lang": Attribute(kind="language"),
    "isDefault": Attribute(kind="true-false"),
}


def _many(prefix: str, names: str) -> dict[str, Word]:
    return {f"{prefix}:{name}": MANY for name in names.split()}


WORDS: Final[Mapping[str, Word]] = MappingProxyType(
    {
        # https://web.resource.org/rss/1.0/modules/content/
        **_many("content", "encoded items"),
        "content:encoded": Word(kind="html", empty=True),
        # https://www.dublincore.org/specifications/dublin-core/dces/
        **_many(
            "dc",
            "contributor coverage creator description format identifier publisher relation "
            "rights source subject title type",
        ),
        "dc:date": Word(kind="w3cdtf", once=False),
        "dc:language": Word(kind="language", once=False),
        # RFC 4287, where RSS borrows from it; links are looked at by ``links``
        **_many(
            "atom",
            "author category content contributor entry feed generator icon id link logo "
            "published rights source subtitle summary title updated",
        ),
        "atom:link": LINK,
        "atom:published": Word(kind="rfc3339"),
        "atom:updated": Word(kind="rfc3339"),
        # https://help.apple.com/itc/podcasts_connect/
        **_many("itunes", "category keywords owner"),
        "itunes:applepodcastsverify": Word(),
        "itunes:author": Word(kind="short"),
        "itunes:block": Word(kind="yes-no"),
        "itunes:complete": Word(kind="yes-no"),
        "itunes:duration": Word(kind="duration"),
        "itunes:email": Word(kind="address"),
        "itunes:episode": Word(kind="positive"),
        "itunes:episodeType": Word(kind="episode-type"),
        "itunes:explicit": Word(kind="true-false"),
        "itunes:image": _ITUNES_IMAGE,
        "itunes:isClosedCaptioned": Word(kind="yes-no"),
        "itunes:name": Word(kind="short"),
        "itunes:new-feed-url": Word(kind="url"),
        "itunes:order": Word(kind="count"),
        "itunes:pubDate": Word(kind="rfc822"),
        "itunes:season": Word(kind="positive"),
        "itunes:subtitle": Word(kind="short", empty=True),
        "itunes:summary": Word(kind="long", empty=True),
        "itunes:title": Word(),
        "itunes:type": Word(kind="show-type"),
        # https://podcastindex.org/namespace/1.0
        **_many(
            "podcast",
            "alternateEnclosure block chat contentLink funding images image integrity license "
            "liveItem location medium metaBoost podping podroll publisher remoteItem "
            "socialInteract source trailer txt updateFrequency value valueRecipient "
            "valueTimeSplit",
        ),
        "podcast:chapters": Word(empty=True, attributes={"url": _URL, "type": _TYPE}),
        "podcast:episode": Word(kind="number"),
        "podcast:guid": Word(kind="uuid"),
        "podcast:locked": Word(kind="yes-no"),
        "podcast:person": Word(
            once=False, attributes={"href": Attribute(kind="url"), "img": Attribute(kind="url")}
        ),
        "podcast:season": Word(kind="positive"),
        "podcast:soundbite": Word(
            once=False,
            empty=True,
            attributes={
                "startTime": Attribute(kind="number", required=True),
                "duration": Attribute(kind="number", required=True),
            },
        ),
        "podcast:transcript": Word(
            once=False,
            empty=True,
            attributes={"url": _URL, "type": _TYPE, "language": Attribute(kind="language")},
        ),
        # https://www.rssboard.org/media-rss
        **_many(
            "media",
            "adult backLinks category comment comments community copyright credit description "
            "embed group hash keywords license location param peerLink player price rating "
            "response responses restriction rights scene scenes sceneDescription sceneEndTime "
            "sceneStartTime sceneTitle starRating statistics status subTitle tags text title",
        ),
        "media:content": Word(once=False, holds=True, attributes=_MEDIA),
        "media:thumbnail": Word(
            once=False, empty=True, attributes={**_MEDIA, "url": Attribute(kind="iri", required=True)}
        ),
        # RFC 5005, RFC 6721, RFC 4685
        "fh:archive": Word(empty=True),
        "fh:complete": Word(empty=True),
        "at:deleted-entry": Word(
            once=False,
            holds=True,
            attributes={
                "ref": Attribute(kind="iri", required=True),
                "when": Attribute(kind="rfc3339", required=True),
            },
        ),
        "at:by": MANY,
        "at:comment": MANY,
        "thr:in-reply-to": MANY,
        "thr:total": Word(kind="count"),
        # https://web.resource.org/rss/1.0/modules/
        "sy:updateBase": Word(kind="w3cdtf"),
        "sy:updateFrequency": Word(kind="positive"),
        "sy:updatePeriod": Word(kind="update-period"),
        **_many("slash", "department section hit_parade"),
        "slash:comments": Word(kind="count"),
        "wfw:comment": Word(kind="url"),
        "wfw:commentRss": Word(kind="url"),
    }
)
_HELD: Final = frozenset(
    {"atom", "content", "dc", "itunes", "podcast", "media", "fh", "at", "thr", "sy", "slash", "wfw"}
)
_DEEPER: Final = frozenset({"itunes:owner", "media:content", "media:group"})


def of_borrowed(parent: Element, place: Place) -> Iterator[Finding]:
    """The children of ``parent`` that are of a vocabulary which we know."""
    seen: set[str] = set()
    for child in tree.children(parent):
        if tree.prefix(child) not in _HELD - {place.own}:
            continue
        name = tree.name(child)
        word = WORDS.get(name)
        if word is None:
            yield place.says("unknown-extension", child, element=name)
            continue
        if word.once and name in seen:
            yield place.says("twice", child, parent=place.name, element=name)
        seen.add(name)
        yield from _of_one(child, name, word, place)


def _of_one(child: Element, name: str, word: Word, place: Place) -> Iterator[Finding]:
    yield from of_element(child, word, place)
    if name in _DEEPER:
        yield from of_borrowed(child, place)
