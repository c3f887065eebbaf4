"""One poll of one route: what to ask, what it proves, cadence, backfill."""
