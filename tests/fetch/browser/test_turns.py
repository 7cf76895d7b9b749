"""Do threads draw in the order in which they came, so many at once, and wait no longer than they may?"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from feedsvc.errors import DeadlineExceeded
from feedsvc.fetch.browser import Turns
from feedsvc.fetch.deadline import Deadline


def test_in_order_and_so_many_at_once() -> None:
    turns, order, inside, most = Turns(2), list[int](), list[int](), list[int]()
    go_on = threading.Semaphore(0)

    def work(number: int) -> None:
        with turns.turn(Deadline("", 5)):
            order.append(number)
            inside.append(number)
            most.append(len(inside))
            assert go_on.acquire(timeout=5)
            inside.remove(number)

    with ThreadPoolExecutor(6) as pool:
        done = []
        for number in range(6):
            done.append(pool.submit(work, number))
            time.sleep(0.05)
        for _ in range(6):
            go_on.release()
            time.sleep(0.02)
        for one in done:
            one.result()
    assert order == [0, 1, 2, 3, 4, 5]
    assert max(most) == 2


def test_who_waited_in_vain_has_no_turn() -> None:
    turns = Turns(1)
    with turns.turn(Deadline("", 5)):
        with pytest.raises(DeadlineExceeded), turns.turn(Deadline("", 0.05)):
            raise AssertionError
        with ThreadPoolExecutor(1) as pool, pytest.raises(DeadlineExceeded), turns.turn(Deadline("", 0.05)):
            pool.submit(int)
    for _ in range(3):
        with turns.turn(Deadline("", 0.05)):
            pass


def test_error_gives_the_turn_back() -> None:
    turns = Turns(1)
    for _ in range(3):
        with pytest.raises(KeyError), turns.turn(Deadline("", 0.05)):
            raise KeyError
