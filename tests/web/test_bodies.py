"""Do the bodies in memory stay within their bound, whatever is asked for?"""

import threading

from hypothesis import given
from hypothesis import strategies as st

from feedsvc.web.bodies import Bodies, BodyKey


def key(name: str, version: int = 1) -> BodyKey:
    return BodyKey(name, "rss", "gzip", version)


def test_what_was_used_longest_ago_leaves_first() -> None:
    bodies = Bodies(10)
    bodies.put(key("a"), b"aaaa")
    bodies.put(key("b"), b"bbbb")
    assert bodies.get(key("a")) == b"aaaa"
    bodies.put(key("c"), b"cccc")
    assert bodies.get(key("b")) is None
    assert bodies.get(key("a")) == b"aaaa"
    assert (bodies.size, len(bodies)) == (8, 2)


def test_a_version_never_meets_the_bytes_of_another() -> None:
    bodies = Bodies(10)
    bodies.put(key("a", 1), b"old")
    assert bodies.get(key("a", 2)) is None


def test_a_body_larger_than_everything_is_not_kept() -> None:
    bodies = Bodies(3)
    bodies.put(key("a"), b"aaa")
    bodies.put(key("b"), b"bbbb")
    assert bodies.get(key("a")) == b"aaa"
    assert key("b") not in bodies


STEP = st.tuples(st.sampled_from("pgd"), st.sampled_from("abcdef"), st.binary(max_size=9))


@given(st.lists(STEP, max_size=60))
def test_the_bound_holds_and_the_count_is_true(steps: list[tuple[str, str, bytes]]) -> None:
    bodies = Bodies(20)
    for step, name, body in steps:
        if step == "p":
            bodies.put(key(name), body)
        elif step == "g":
            bodies.get(key(name))
        else:
            bodies.drop(key(name))
        kept = [bodies.get(key(one)) for one in "abcdef"]
        assert bodies.size == sum(len(one) for one in kept if one is not None) <= 20


def test_threads_may_share_it() -> None:
    bodies = Bodies(100)

    def work(name: str) -> None:
        for turn in range(2000):
            bodies.put(key(f"{name}{turn % 30}"), b"x" * (turn % 11))
            bodies.get(key(f"{name}{turn % 7}"))

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert bodies.size <= 100
