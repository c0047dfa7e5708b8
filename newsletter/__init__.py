"""A newsletter system for a Korean machine-learning community."""
