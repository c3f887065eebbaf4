"""How answers look at a terminal."""
