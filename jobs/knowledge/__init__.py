"""What was known at an instant; which routes count."""
