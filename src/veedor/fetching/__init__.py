"""Open data fetched politely: resumable, checked to be whole, with its origin written beside it."""

from veedor.fetching.client import Client, Politeness
from veedor.fetching.fetch import Fetched, fetch
from veedor.fetching.wanted import Wanted

__all__ = ["Client", "Fetched", "Politeness", "Wanted", "fetch"]
