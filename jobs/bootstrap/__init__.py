"""Settings, clock, database, services: made once for each command."""
