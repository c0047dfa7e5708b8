"""From an issue's content to a mail, compiled once per variant. No Django, no database."""
