"""The database: articles, what is known of sources, and finished bytes (the only importer of SQLAlchemy)."""

from feedsvc.store.store import Store

__all__ = ["Store"]
