"""What a page of the desk costs over a large ledger, beside Datasette over the same tables."""
