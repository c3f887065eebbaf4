"""What people decide: reviews, conditions, confirmed routes, acknowledgements."""
