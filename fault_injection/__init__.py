"""Benches that break things on purpose: publishers that misbehave, processes that are killed."""
