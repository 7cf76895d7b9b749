"""What can be collected from an address? Looked for, really tried, and ranked.

``story`` is what happens in order. Beside it: ``place`` (what stands at the address), ``visits`` (the
fetches, few and guarded), ``trial`` (an address as a source, tried), ``others`` (what there is besides
feeds), ``have`` (is it collected already), ``written`` (a proposal as a block of the config).
"""

from feedsvc.discover.place import address
from feedsvc.discover.story import Discovery, discover
from feedsvc.discover.written import names_taken, options

__all__ = ["Discovery", "address", "discover", "names_taken", "options"]
