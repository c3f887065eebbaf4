"""One window: what is known of it, whether its verdict changes, and what is written down."""
