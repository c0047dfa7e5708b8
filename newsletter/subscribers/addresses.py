"""Reads a mail address and a name as a person typed them.

The domain is IDNA 2008 in ASCII and the local part stays as written, plus-tags
too. Two spellings of one mailbox share a ``key``: that is what is unique, and
what is looked up.
"""

import hmac
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from email_validator import EmailNotValidError, validate_email

from newsletter.common.errors import BadInput

MAX_NAME = 100
_NO_PART_OF_A_NAME = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# What one label of a domain may mix (Unicode TS 39, "highly restrictive"): Latin
# with Korean, or with Japanese, but never Latin with its Cyrillic look-alikes.
_TOGETHER = (
    frozenset({"LATIN", "HANGUL", "CJK"}),
    frozenset({"LATIN", "HIRAGANA", "KATAKANA", "CJK"}),
)


@dataclass(frozen=True, slots=True)
class Address:
    """A mail address that can be written to."""

    email: str
    key: str

    @property
    def mailbox(self) -> str:
        """The mailbox behind the spelling, for limits only: no plus-tag, no dots at Gmail."""
        local, _, domain = self.key.rpartition("@")
        local = local.partition("+")[0] or local
        if domain in {"gmail.com", "googlemail.com"}:
            local, domain = local.replace(".", ""), "gmail.com"
        return f"{local}@{domain}"


def parse_address(text: str) -> Address:
    """Return the address that ``text`` spells; raise :class:`BadInput` with a reason to show."""
    text = unicodedata.normalize("NFC", text.strip())
    if any(unicodedata.category(letter) in {"Cc", "Cf"} for letter in text):
        raise _suspicious()
    local, at, _ = text.rpartition("@")
    if at and not local.isascii():
        raise BadInput(
            "email.unicode_local_unsupported",
            "@ 앞에는 영문자와 숫자만 쓸 수 있습니다. 영문 주소를 입력해 주세요.",
            "Only ASCII letters are possible before the @; please give an ASCII address.",
            place="email",
        )
    try:
        valid = validate_email(text, check_deliverability=False, strict=True)
    except EmailNotValidError as error:
        raise _invalid() from error
    if any(_mixes_scripts(label) for label in valid.domain.split(".")):
        raise _suspicious()
    email = f"{valid.local_part}@{valid.ascii_domain}"
    return Address(email, email.lower())


def parse_each(words: Iterable[str]) -> list[str]:
    """Return the addresses that the words spell; what is wrong with one is told with its word."""
    return [_parse_one(word) for word in words]


def parse_name(text: str) -> str:
    """Return a name as it may stand before an address; cut nothing, refuse what cannot."""
    name = unicodedata.normalize("NFC", text.strip())
    if any(unicodedata.category(letter) in _NO_PART_OF_A_NAME for letter in name):
        raise BadInput(
            "name.characters",
            "이름에는 줄바꿈이나 보이지 않는 글자를 쓸 수 없습니다.",
            "A name holds no line break and no invisible letter.",
            place="name",
        )
    if len(name) > MAX_NAME:
        raise BadInput(
            "name.length",
            f"이름은 {MAX_NAME}자까지 쓸 수 있습니다.",
            f"A name has at most {MAX_NAME} letters.",
            place="name",
        )
    return name


def _parse_one(word: str) -> str:
    try:
        return parse_address(word).email
    except BadInput as error:
        raise BadInput(
            error.code, f"{word}: {error.ko}", f"{word}: {error.en}", place="addresses"
        ) from error


def keyed_hash(text: str, secret: str) -> str:
    """Return 64 hex digits that tell nobody without ``secret`` what ``text`` was."""
    return hmac.new(secret.encode(), text.encode(), sha256).hexdigest()


def _mixes_scripts(label: str) -> bool:
    scripts = {_script(letter) for letter in label if letter.isalpha()}
    return len(scripts) > 1 and not any(scripts <= allowed for allowed in _TOGETHER)


def _script(letter: str) -> str:
    return unicodedata.name(letter, "UNKNOWN").split()[0].split("-")[0]


def _invalid() -> BadInput:
    return BadInput(
        "email.invalid",
        "이메일 주소를 다시 확인해 주세요. 예: name@example.com",
        "Please check the address. Example: name@example.com",
        place="email",
    )


def _suspicious() -> BadInput:
    return BadInput(
        "email.suspicious_characters",
        "주소에 보이지 않는 글자나 비슷하게 생긴 다른 글자가 섞여 있습니다. 직접 다시 입력해 주세요.",
        "The address holds invisible or look-alike characters; please type it again.",
        place="email",
    )
