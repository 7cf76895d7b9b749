"""How does an address get from a screen to a telephone? As a QR code (ISO 18004), drawn here.

The only place that imports segno.
"""

from functools import lru_cache
from typing import Final

from markupsafe import Markup

LONGEST: Final = 300  # characters: a code of more would be too fine to be read off a screen
QUIET: Final = 4  # modules of margin, which the standard demands


@lru_cache(maxsize=2048)  # drawing one takes some 6 ms
def qr(address: str) -> Markup | None:
    """An ``<svg>`` of the address; None if it is too long."""
    import segno  # noqa: PLC0415 slow to import

    if len(address) > LONGEST:
        return None
    code = segno.make_qr(address, error="m")
    drawn = code.svg_inline(border=QUIET, omitsize=True, svgclass="qr", lineclass=None)
    # Decoration for who can see it: the address itself stands beside it.
    return Markup(drawn.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1))  # noqa: S704 - digits
