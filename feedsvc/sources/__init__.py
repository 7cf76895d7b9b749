"""Which source types are there?"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from feedsvc.sources import api, feed, folder, mailbox, page, sitemap
from feedsvc.sources.contract import SourceType

TYPES: Mapping[str, SourceType[Any]] = MappingProxyType(
    {one.name: one for one in (feed.TYPE, page.TYPE, sitemap.TYPE, api.TYPE, mailbox.TYPE, folder.TYPE)}
)
