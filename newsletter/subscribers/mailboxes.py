"""Which mailbox provider stands behind a domain. Pure.

Only what the name itself tells: a company's own domain may well be Gmail's, but to
know that one would have to ask the network for every reader.
"""

from enum import StrEnum


class MailboxProvider(StrEnum):
    """Who runs a mailbox, as far as its domain tells."""

    NAVER = "naver"
    GMAIL = "gmail"
    KAKAO = "kakao"
    OUTLOOK = "outlook"
    YAHOO = "yahoo"
    APPLE = "apple"
    NATE = "nate"
    OTHER = "other"


_DOMAINS = {
    MailboxProvider.NAVER: ("naver.com",),
    MailboxProvider.GMAIL: ("gmail.com", "googlemail.com"),
    # Daum's mail is Kakao's since 2014; one provider, three names.
    MailboxProvider.KAKAO: ("daum.net", "hanmail.net", "kakao.com"),
    MailboxProvider.OUTLOOK: (
        "outlook.com", "outlook.kr", "hotmail.com", "hotmail.co.kr", "live.com", "live.co.kr",
        "msn.com",
    ),
    MailboxProvider.YAHOO: (
        "yahoo.com", "yahoo.co.kr", "ymail.com", "rocketmail.com", "aol.com",
    ),
    MailboxProvider.APPLE: ("icloud.com", "me.com", "mac.com"),
    MailboxProvider.NATE: ("nate.com", "empas.com", "lycos.co.kr"),
}  # fmt: skip
_PROVIDERS = {domain: provider for provider, domains in _DOMAINS.items() for domain in domains}


def provider_of(domain: str) -> MailboxProvider:
    """Return who runs the mailboxes of ``domain``."""
    return _PROVIDERS.get(domain.lower(), MailboxProvider.OTHER)
