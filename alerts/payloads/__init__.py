"""What each kind of alert carries."""
