"""The errors that this project raises on purpose, as one tree.

    NewsletterError            a stable code, one Korean and one English sentence, a place
    ├── BadInput               what came in cannot be used: exit code 2, HTTP 422
    │   └── ConfigurationError a setting is missing or wrong: refuse to start
    ├── NotFound               what was named does not exist: exit code 2, HTTP 404
    └── Refused                right in form, but not now: a wrong state, a lock that is held
        └── Declined           asked rightly, and the answer is no: exit code 1, HTTP 409

Edges translate them (exit code, HTTP status); rooms only raise them. An error
carries what its reader must decide, so nobody ever has to match its text.
"""


class NewsletterError(Exception):
    """Something a person can mend; says what, where, and in both languages.

    ``code`` is stable and dotted (``digest.unreadable``), ``place`` names the
    file, line, field or row. Neither sentence ever echoes raw markup.
    """

    def __init__(self, code: str, ko: str, en: str, *, place: str = "") -> None:
        super().__init__(code, ko, en)  # all of them, so that it can be pickled
        self.code, self.ko, self.en, self.place = code, ko, en, place

    def __str__(self) -> str:
        where = f" [{self.place}]" if self.place else ""
        return f"{self.code}{where}: {self.ko} / {self.en}"


class BadInput(NewsletterError):
    """What came in cannot be used as it is."""


class ConfigurationError(BadInput):
    """A setting is missing or contradicts another one."""


class NotFound(NewsletterError):
    """What was named does not exist."""


class Refused(NewsletterError):
    """The request is well formed, but its time is not now."""


class Declined(Refused):
    """The question was right, and the answer is no: a gate is closed, there is nothing to do."""
