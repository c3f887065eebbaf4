"""Kept bytes: show, verify, export."""
