"""Is the QR code a picture that stands on a page by itself?"""

from xml.etree import ElementTree

from feedsvc.web.qr import LONGEST, QUIET, qr

ADDRESS = "https://feeds.example.org/c/world.rss"


def test_it_is_well_formed_and_has_its_margin() -> None:
    drawn = ElementTree.fromstring(qr(ADDRESS) or "")
    assert drawn.tag == "svg"
    assert drawn.get("aria-hidden") == "true"
    _, _, width, height = map(int, drawn.get("viewBox", "").split())
    assert width == height == 29 + 2 * QUIET  # version 3
    (path,) = drawn
    assert path.get("stroke") == "#000"
    assert path.get("d", "").startswith(f"M{QUIET} {QUIET}.5h7")  # the corner by which it is found
    assert not set(path.attrib) & {"style", "class"}


def test_the_same_address_gives_the_same_picture_and_another_another() -> None:
    assert qr(ADDRESS) == qr(ADDRESS)
    assert qr(ADDRESS) != qr(ADDRESS.replace("world", "words"))


def test_what_no_camera_could_read_is_not_drawn() -> None:
    assert qr(f"{ADDRESS}?q={'x' * LONGEST}") is None
