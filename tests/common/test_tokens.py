from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.common.tokens import ExpiredToken, InvalidToken, Purpose, signer, verify

KEY, OLD = b"the key of today", b"the key of last year"
NOW = datetime(2026, 1, 9, 9, tzinfo=UTC)


@given(st.sampled_from(Purpose), st.integers(0, 10**12))
def test_a_token_names_its_subject(purpose, subject):
    assert verify(purpose, signer(purpose, KEY)(subject), [KEY], now=NOW) == subject


@given(st.sampled_from(Purpose), st.sampled_from(Purpose))
def test_a_token_of_one_purpose_is_refused_for_another(made_for, used_for):
    token = signer(made_for, KEY)(7)
    if made_for is used_for:
        assert verify(used_for, token, [KEY], now=NOW) == 7
        return
    with pytest.raises(InvalidToken):
        verify(used_for, token, [KEY], now=NOW)


@pytest.mark.parametrize("until", [None, NOW + timedelta(days=30)])
def test_no_letter_of_a_token_can_be_changed(until):
    token = signer(Purpose.UNSUBSCRIBE, KEY, until=until)(128)
    for position, letter in enumerate(token):
        other = "x" if letter != "x" else "y"
        changed = token[:position] + other + token[position + 1 :]
        with pytest.raises(InvalidToken):
            verify(Purpose.UNSUBSCRIBE, changed, [KEY], now=NOW)


def test_links_of_the_old_key_work_while_it_is_named():
    token = signer(Purpose.UNSUBSCRIBE, OLD)(5)
    assert verify(Purpose.UNSUBSCRIBE, token, [KEY, OLD], now=NOW) == 5
    with pytest.raises(InvalidToken):
        verify(Purpose.UNSUBSCRIBE, token, [KEY], now=NOW)


def test_a_token_expires_on_its_day_and_says_so():
    token = signer(Purpose.CONFIRM, KEY, until=NOW + timedelta(hours=48))(5)
    assert verify(Purpose.CONFIRM, token, [KEY], now=NOW + timedelta(hours=47)) == 5
    with pytest.raises(ExpiredToken):
        verify(Purpose.CONFIRM, token, [KEY], now=NOW + timedelta(hours=72))


def test_an_unsubscribe_token_is_short_enough_for_its_header_line():
    token = signer(Purpose.UNSUBSCRIBE, KEY)(10**7)
    assert len(f"List-Unsubscribe: <https://news.example.org/u/{token}>") <= 78


@pytest.mark.parametrize("garbage", ["", ".", "..", "a.b.c", "가나다", "1-.x", "\0", "9" * 10_000])
def test_garbage_is_refused_kindly(garbage):
    with pytest.raises(InvalidToken):
        verify(Purpose.UNSUBSCRIBE, garbage, [KEY], now=NOW)
