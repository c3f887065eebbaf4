"""Answers for faces, as plain data; writes nothing."""
