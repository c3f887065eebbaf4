"""Who is told, alone or together, and when."""
