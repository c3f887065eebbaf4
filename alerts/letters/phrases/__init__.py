"""Words and sentences that several letters share."""
