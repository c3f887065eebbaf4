"""The ground room: how this program reaches other hosts, whoever asks.

``guarded``: HTTP to admitted addresses only; ``deadline``: a total time for a step; ``resolver``: name
look-ups that end; ``retry_after``: when a server asks us to come again; ``clock``: time for code that waits.
"""

if __name__ != "servanda.network":
    raise ImportError("import servanda.network: this folder is a part of the package servanda")
