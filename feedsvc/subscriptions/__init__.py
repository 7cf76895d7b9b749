"""How does somebody's list of subscriptions (OPML) become sources? ``read`` it, then ``plan``."""

from feedsvc.subscriptions.outlines import LARGEST, Outlines, read
from feedsvc.subscriptions.plan import Fate, Plan, plan

__all__ = ["LARGEST", "Fate", "Outlines", "Plan", "plan", "read"]
