"""What others would run in our place, by its own means and in an environment of its own.

Nothing in here imports Servanda: ``.venv-benchmark`` holds the tools alone (``lock/benchmark.txt``).
"""
