"""Who watches: joining, agreeing, changing, leaving; YAML in and out."""
