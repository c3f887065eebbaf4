"""Polite fetching: robots.txt, pauses, redirects, retries."""
