"""What a scheduler runs: steps, forms, the deadline trigger, signs of life, failure mails."""
