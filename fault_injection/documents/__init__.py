"""A second room of the fault bench: faults behind the listing, played to the verdict.

The listing is well, but what its rows lead to is not the document, or not whole, or not legible. In each play
one announcement inside a window meets one kind of fault; the window must never be said to hold nothing.
``python -m fault_injection.documents`` plays every kind. All of it is drawn from a seed.
"""
