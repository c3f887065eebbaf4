"""Says that the monitor has gone silent: it reads signs of life, and needs nothing else of the monitor.

No database, no catalogue, no scheduler: what it imports is the standard library, click, and from ``alerts``
what delivers a mail. A test holds it to that.
"""
