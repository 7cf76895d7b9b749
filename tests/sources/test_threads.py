"""Are documents read by several threads at once as they are read alone?"""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.sources.test_cases import CASES, parse


@pytest.fixture
def restless() -> Iterator[None]:
    """Threads take turns every 10 microseconds, as if each had a core of its own."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("restless")
def test_threads_do_not_disturb_each_other() -> None:
    cases = [case for case in CASES for _ in range(2)]
    alone = [parse(case) for case in cases]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(parse, cases)) == alone
