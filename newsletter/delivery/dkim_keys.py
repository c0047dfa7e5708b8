"""The private keys of DKIM, read from PEM. Apart, because most workers sign nothing."""

from hashlib import sha256

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from newsletter.common.errors import ConfigurationError
from newsletter.delivery.dkim import Signer

_SMALLEST_RSA = 1024


def load(domain: str, selector: str, pem: bytes) -> Signer:
    """Return the signer of a key in PEM; raises :class:`ConfigurationError` for any other."""
    try:
        key = load_pem_private_key(pem, None)
    except (ValueError, TypeError):
        raise _wrong("읽을 수 있는 PEM 개인 키", "a readable private key in PEM") from None
    if isinstance(key, Ed25519PrivateKey):
        # RFC 8463, 3: what is signed is the hash, not the text.
        return Signer(
            domain, selector, "ed25519-sha256", lambda text: key.sign(sha256(text).digest())
        )
    if isinstance(key, RSAPrivateKey) and key.key_size >= _SMALLEST_RSA:
        way = padding.PKCS1v15(), hashes.SHA256()
        return Signer(domain, selector, "rsa-sha256", lambda text: key.sign(text, *way))
    raise _wrong("RSA(1024비트 이상) 또는 Ed25519 키", "an RSA (1024 bits or more) or Ed25519 key")


def _wrong(ko: str, en: str) -> ConfigurationError:
    return ConfigurationError(
        "config.dkim", f"DKIM_KEY_FILE에는 {ko}가 있어야 합니다.", f"DKIM_KEY_FILE must hold {en}.",
        place="DKIM_KEY_FILE",
    )  # fmt: skip
