"""What of a post is taken along a redirect, and to whom?"""

import pytest

from feedsvc.fetch.trip import Trip, set_out, turn
from feedsvc.model import Request

HERE = "https://hub.example/a"
SECRET = {"Content-Type": "application/x-www-form-urlencoded", "X-Api-Key": "k"}


def after(status: int, location: str, *, forwards: bool) -> Trip:
    request = Request(url=HERE, headers=SECRET, body=b"a=1", forwards=forwards)
    trip = set_out(request, user_agent="test", validators=None)
    turn(trip, status=status, location=location)
    return trip


@pytest.mark.parametrize("forwards", [True, False])
def test_the_same_server_gets_all_again_where_it_says_so(forwards: bool) -> None:
    for status in (307, 308):
        trip = after(status, "https://hub.example/b", forwards=forwards)
        assert (trip.url, trip.body) == ("https://hub.example/b", b"a=1")
        assert trip.headers["Content-Type"] == SECRET["Content-Type"]
        assert trip.headers["X-Api-Key"] == "k"
    for status in (301, 302, 303):
        trip = after(status, "https://hub.example/b", forwards=forwards)
        assert (trip.body, "Content-Type" in trip.headers) == (None, False)


def test_another_server_gets_it_only_where_that_is_allowed() -> None:
    trip = after(307, "https://new.example/", forwards=True)
    assert (trip.body, trip.headers["Content-Type"]) == (b"a=1", SECRET["Content-Type"])
    assert "X-Api-Key" not in trip.headers
    for status, forwards in ((307, False), (308, False), (302, True), (303, True)):
        trip = after(status, "https://new.example/", forwards=forwards)
        assert (trip.body, "Content-Type" in trip.headers, "X-Api-Key" in trip.headers) == (
            None,
            False,
            False,
        )
