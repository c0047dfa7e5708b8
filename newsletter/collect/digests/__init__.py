"""One pure parser for each format in which Koreans publish paper digests."""
