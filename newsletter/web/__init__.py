"""Pages for readers: sign-up, preferences, leaving, the archive, and the built-in inbox."""
