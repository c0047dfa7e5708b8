"""Ways out for a letter. Each module is one provider and knows nothing of the others."""
