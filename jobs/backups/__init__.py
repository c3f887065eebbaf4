"""A copy of all that has to be kept, and its way back."""
