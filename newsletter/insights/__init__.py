"""How an issue fared: rates per issue and mailbox provider, and an alarm at the bars of Gmail and Yahoo."""
