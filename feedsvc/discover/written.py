"""How is a proposal written into the config: under which id, with which options?"""

from collections.abc import Collection
from typing import Any

from feedsvc.refine.canonical import canonical_url
from feedsvc.services import Services
from feedsvc.sources.discover import Proposal
from feedsvc.sources.naming import slug


def options(
    proposal: Proposal, *, taken: Collection[str] = (), id: str | None = None, **more: object
) -> dict[str, Any]:
    """The proposal as a block of the config: an id that is free, and only the options that matter.

    ``more`` are options that somebody wants beside or in place of its own.
    """
    source = proposal.source
    name = id or slug(proposal.title, source.location, taken)
    said = source.model_dump(mode="json", exclude={"id", "type", "title"}, exclude_defaults=True)
    return {"id": name, "type": source.type, "url": said.pop("url"), "title": proposal.title, **said, **more}


def names_taken(services: Services, proposal: Proposal | None = None) -> frozenset[str]:
    """Ids that a new source cannot have, or should not: the articles of an earlier source of that id would
    become its own. Those of ``proposal``, if it was configured once, may."""
    sources = services.config().sources
    mine = canonical_url(proposal.source.location) if proposal is not None else None
    gone = (
        state.id
        for state in services.store.source_states()
        if not state.active and canonical_url(state.location) != mine
    )
    return frozenset([*(one.id for one in sources), *(old for one in sources for old in one.was), *gone])
