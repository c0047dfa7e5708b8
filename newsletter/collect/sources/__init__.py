"""Which address, which parser, which rules: an adapter for each kind of source."""
