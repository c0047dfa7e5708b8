"""The ledger: one row for each issue and subscriber, and the backends that carry letters."""
