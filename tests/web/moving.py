"""Given: a reader who asks for another address, and the button that lies in the mail there."""

from tests.readers import confirm_path, preferences_path

OLD, NEW = "bora@example.com", "bora@new.example.org"


def ask(client, reader, email=NEW):
    """Send the form from an address of its own, so that no limit is in the way."""
    ask.ip = getattr(ask, "ip", 0) + 1
    ip = f"10.{ask.ip // 250}.{ask.ip % 250}.1"
    return client.post(preferences_path(reader) + "/address/", {"email": email}, REMOTE_ADDR=ip)


def button(email=NEW):
    return confirm_path(email, "new_address")
