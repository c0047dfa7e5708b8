"""The words of the desk on a terminal: there is one list of them, the catalog of the pages."""

from django.utils import translation
from django.utils.translation import gettext


def both(word: str, english: str) -> str:
    """Return what the desk calls ``word`` in Korean, and the name that JSON gives it."""
    with translation.override("ko"):
        return f"{gettext(word)} / {english}"
