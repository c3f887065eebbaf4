"""What each kind of alert says."""
