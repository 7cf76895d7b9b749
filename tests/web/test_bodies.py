"""Do the bodies in memory stay within their bound, whatever is asked for?"""

import threading

from hypothesis import given
from hypothesis import strategies as st

from feedsvc.web.bodies import Bodies, Slot


def slot(name: str = "a", version: int = 1) -> Slot:
    return Slot(name, "rss", "gzip", version)


def test_what_was_used_longest_ago_leaves_first() -> None:
    bodies = Bodies(10)
    a, b, c = slot("a"), slot("b"), slot("c")
    bodies.put(a, b"aaaa")
    bodies.put(b, b"bbbb")
    a.used = bodies.tick()
    bodies.put(c, b"cccc")
    assert (a.body, b.body, c.body) == (b"aaaa", None, b"cccc")
    assert (bodies.size, len(bodies)) == (8, 2)


def test_one_body_may_take_the_place_of_many() -> None:
    bodies = Bodies(10)
    small = [slot(name) for name in "abc"]
    for one in small:
        bodies.put(one, b"xxx")
    large = slot("large")
    bodies.put(large, b"0123456789")
    assert [one.body for one in small] == [None, None, None]
    assert (large.body, bodies.size, len(bodies)) == (b"0123456789", 10, 1)


def test_versions_are_places_of_their_own() -> None:
    assert slot("a", 1).same_bytes(slot("a", 1))
    assert not slot("a", 1).same_bytes(slot("a", 2))
    assert not slot("a").same_bytes(slot("b"))


def test_a_body_larger_than_everything_is_not_kept() -> None:
    bodies = Bodies(3)
    a, b = slot("a"), slot("b")
    bodies.put(a, b"aaa")
    bodies.put(b, b"bbbb")
    assert (a.body, b.body) == (b"aaa", None)


STEP = st.tuples(st.sampled_from("pgd"), st.integers(0, 5), st.binary(max_size=9))


@given(st.lists(STEP, max_size=60))
def test_the_bound_holds_and_the_count_is_true(steps: list[tuple[str, int, bytes]]) -> None:
    bodies = Bodies(20)
    slots = [slot(str(number)) for number in range(6)]
    for step, number, body in steps:
        if step == "p":
            bodies.put(slots[number], body)
        elif step == "g":
            slots[number].used = bodies.tick()
        else:
            bodies.drop(slots[number])
        kept = [one.body for one in slots if one.body is not None]
        assert bodies.size == sum(map(len, kept)) <= 20
        assert len(bodies) == len(kept)


def test_threads_may_share_it() -> None:
    bodies = Bodies(100)
    slots = [slot(str(number)) for number in range(30)]

    def work() -> None:
        for turn in range(3000):
            bodies.put(slots[turn % 30], b"x" * (turn % 11))
            slots[turn % 7].used = bodies.tick()
            bodies.drop(slots[turn % 13])

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert bodies.size == sum(len(one.body) for one in slots if one.body is not None) <= 100
