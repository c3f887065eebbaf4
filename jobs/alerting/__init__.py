"""Alerts, written in the transaction that makes them necessary."""
