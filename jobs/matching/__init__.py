"""Versions against rules; what is news; what tells of one event."""
