"""A fault bench: a government on loopback whose truth is known, and the real jobs that watch it.

``python -m fault_injection.publishers`` plays some months of it, with outages, block pages and layouts that
change, and counts what the monitor named, what it lost without a word, and whether its verdicts were right.
All of it is drawn from a seed: the same seed gives the same report.
"""
