"""Which entries make the next pages of a feed's history (RFC 5005 4)?"""

from collections.abc import Collection, Sequence
from typing import Final

PAGE: Final = 50  # entries of an archive page

# (number of the article, first seq)
Entered = tuple[int, int]


def chapters(
    entered: Sequence[Entered], shown: Collection[int], *, size: int = PAGE
) -> list[Sequence[Entered]]:
    """The pages to make of entries that are in none yet, given in the order of their first seqs.

    Full pages are made at once. The rest may wait as long as the live feed shows all of it (``shown``): so
    whoever reads the live feed and then the pages back to the first one misses nothing.
    """
    full = len(entered) - len(entered) % size
    rest = entered[full:]
    wait = all(number in shown for number, _ in rest)
    whole = entered[:full] if wait else entered
    return [whole[at : at + size] for at in range(0, len(whole), size)]
