"""One paper, one row: identity, what each source wrote of it, and its votes over time."""
