"""Sentences and dates in a language; cleaning."""
