import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.common.web_address import is_public


@pytest.mark.parametrize(
    "url",
    [
        "https://arxiv.org/abs/2601.05242",
        "http://example.com:8080/a?b=c#d",
        "https://프로젝트.한국/논문",
        "https://a_b.github.io/",
        "https://example.com./",
        "http://8.8.8.8/",
        "http://[2606:4700:4700::1111]/",
    ],
)
def test_what_anybody_can_open_is_public(url):
    assert is_public(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://[bad",
        "http://[::1",
        "http://example.com:abc/",
        "http://example.com:99999/",
        "http://example.com:0/",
        "https://user:pw@example.com/",
        "https://example.com@evil.com/",
        "http://intranet.internal/x",
        "http://nas.lan/x",
        "http://router.home.arpa/",
        "http://localhost.localdomain/x",
        "http://localhost:4000/",
        "http://x.onion/",
        "http://printer.local./",
        "http://10.0.0.1/",
        "http://127.0.0.1/",
        "http://169.254.169.254/",
        "http://168.63.129.16/",
        "http://[64:ff9b::a00:1]/",
        "http://224.0.0.1/",
        "http://0x7f.0.0.1/",
        "http://2130706433/",
        "http://127.1/",
        "http://[::1]/x",
        "http://[::ffff:10.0.0.1]/",
        "http://[2002:a00:1::]/",
        "http://[fe80::1%25eth0]/",
        "http://intranet/",
        "http://a..b.com/",
        "https:///path",
        "ftp://example.com/",
        "//example.com/",
        "/abs/2601.1",
        "images/a.png",
        "https://exa mple.com/",
        "javascript:alert(1)",
        "",
    ],
)
def test_what_is_private_or_no_web_address_is_not(url):
    assert not is_public(url)


@given(st.text() | st.text().map("https://".__add__))
def test_whatever_somebody_wrote_there_is_an_answer(text):
    assert is_public(text) in {True, False}
