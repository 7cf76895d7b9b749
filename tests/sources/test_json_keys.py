"""What do programmers call the properties of an article in JSON?"""

from feedsvc.sources.api import ApiFields
from feedsvc.sources.json_keys import ITEM_WRAPPERS, LINK_WRAPPERS, RANKS, TEXT_WRAPPERS
from feedsvc.sources.json_values import squeezed


def test_names_are_squeezed() -> None:
    names = [
        *ITEM_WRAPPERS,
        *LINK_WRAPPERS,
        *TEXT_WRAPPERS,
        *(name for names in RANKS.values() for name in names),
    ]
    assert [name for name in names if squeezed(name) != name] == []


def test_fields_are_those_of_the_config() -> None:
    assert set(RANKS) == set(ApiFields.model_fields) - {"enclosure"}
