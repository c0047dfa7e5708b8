"""Letters signed by us: any verifier finds the signature good, and any change breaks it."""

from base64 import b64encode

import dkim as verifier
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from newsletter.common.errors import ConfigurationError
from newsletter.delivery import dkim_keys
from newsletter.delivery.backends import choose
from newsletter.delivery.backends.smtp import SmtpBackend
from newsletter.delivery.smtp_server import parse_server
from tests.delivery.given import a_letter, a_message
from tests.delivery.smtp_servers import Script, scripted_server


def pem(key):
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def record(key):
    public = key.public_key()
    if isinstance(key, Ed25519PrivateKey):
        octets = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
        return b"v=DKIM1; k=ed25519; p=" + b64encode(octets)
    octets = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return b"v=DKIM1; k=rsa; p=" + b64encode(octets)


@pytest.fixture(scope="module")
def keys():
    return {"rsa1": generate_private_key(65537, 2048), "ed1": Ed25519PrivateKey.generate()}


@pytest.fixture(scope="module")
def dns(keys):
    names = {f"{s}._domainkey.news.example.org.".encode(): record(k) for s, k in keys.items()}
    return lambda name, timeout=5: names.get(name)


def sent(keys, letter, name="김하늘"):
    script = Script()
    signers = [dkim_keys.load("news.example.org", s, pem(key)) for s, key in keys.items()]
    with scripted_server(script) as port:
        server = parse_server(f"smtp://127.0.0.1:{port}?tls=none", "localhost")
        backend = SmtpBackend(server, signers)
        list(backend.send(letter, [a_message(1, name)]))
        backend.close()
    return script.accepted[0]


@pytest.mark.parametrize("bulk", [True, False])
@pytest.mark.parametrize("name", ["김하늘", "Ada   Lovelace", "아주 긴 이름 " * 12, ""])
def test_each_signature_is_good(keys, dns, bulk, name):
    raw = sent(keys, a_letter(bulk=bulk), name)
    verified = verifier.DKIM(raw)
    assert verified.verify(idx=0, dnsfunc=dns)
    assert verified.verify(idx=1, dnsfunc=dns)
    algorithms = {raw.count(b"a=rsa-sha256"), raw.count(b"a=ed25519-sha256")}
    assert algorithms == {1}


@pytest.mark.parametrize(
    ("from_", "to"),
    [
        (b"Subject: ", b"Subject: x"),
        (b"List-Unsubscribe: <", b"List-Unsubscribe: <x"),
        (b"To: ", b"To: y"),
        (b"\r\n\r\n--=_alternative", b"\r\n\r\nmore\r\n--=_alternative"),
        (b"From: ", b"From: <evil@example.com>\r\nFrom: "),
    ],
)
def test_any_change_on_the_way_breaks_it(keys, dns, from_, to):
    raw = sent(keys, a_letter()).replace(from_, to, 1)
    assert not verifier.verify(raw, dnsfunc=dns)


def test_the_lines_of_a_signature_keep_the_limit(keys):
    head = sent(keys, a_letter()).partition(b"\r\n\r\n")[0]
    assert max(map(len, head.split(b"\r\n"))) <= 78


def test_a_key_that_is_not_there_is_refused_with_its_setting(settings, tmp_path):
    settings.MAIL_BACKEND, settings.SMTP_URL = "smtp", "smtp://mx.example.org"
    settings.DKIM_DOMAIN, settings.DKIM_SELECTOR = "news.example.org", ["s"]
    settings.DKIM_KEY_FILE = [str(tmp_path / "nothing.pem")]
    with pytest.raises(ConfigurationError) as refused:
        choose.check()
    assert refused.value.place == "DKIM_KEY_FILE"


@pytest.mark.parametrize("text", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nMC4C"])
def test_a_key_that_cannot_be_read_is_refused_with_its_setting(text):
    with pytest.raises(ConfigurationError) as refused:
        dkim_keys.load("news.example.org", "s", text)
    assert refused.value.place == "DKIM_KEY_FILE"
