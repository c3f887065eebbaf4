"""A monitor killed at random moments of a real day, and started again: what was lost, what came twice."""
