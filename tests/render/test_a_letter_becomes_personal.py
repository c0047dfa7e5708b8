from hypothesis import given
from hypothesis import strategies as st

from newsletter.common.cadence import Language
from newsletter.render.compile import compile_issue
from newsletter.render.mail import CompiledMail, PersonalValues, Tokens
from newsletter.render.personalize import personalize

TOKENS = Tokens.with_nonce("A1")
MAIL = CompiledMail(
    subject="제목",
    html=f"<p>{TOKENS.name}님</p><a href='/u/{TOKENS.unsubscribe}'>{TOKENS.name}</a>",
    text=f"{TOKENS.name}님 /u/{TOKENS.unsubscribe} /p/{TOKENS.preferences}",
    language=Language.KOREAN,
    tokens=TOKENS,
)


def test_every_token_is_replaced_in_both_parts(weekly, site):
    mail = compile_issue(weekly, Language.KOREAN, site)
    letter = personalize(mail, PersonalValues("김독자", "3k.unsubscribe", "3k.preferences"))
    for part in (letter.html, letter.text):
        assert "__" not in part
        assert f"{site.base_url}/u/3k.unsubscribe" in part
        assert f"{site.base_url}/p/3k.preferences" in part
    assert letter.subject == mail.subject


def test_a_readers_name_is_escaped_in_html_and_plain_in_text():
    letter = personalize(MAIL, PersonalValues('<b>"O\'Neil" & 김', "u", "p"))
    assert letter.html.startswith("<p>&lt;b&gt;&quot;O&#x27;Neil&quot; &amp; 김님</p>")
    assert letter.text.startswith('<b>"O\'Neil" & 김님 /u/u /p/p')


def test_a_name_that_is_itself_a_token_or_a_template_stays_a_name():
    letter = personalize(MAIL, PersonalValues(TOKENS.unsubscribe + "{{ 7*7 }}", "u", "p"))
    assert letter.text == f"{TOKENS.unsubscribe}{{{{ 7*7 }}}}님 /u/u /p/p"


def test_two_readers_never_see_each_others_values():
    first = personalize(MAIL, PersonalValues("하나", "u1", "p1"))
    second = personalize(MAIL, PersonalValues("둘", "u2", "p2"))
    assert "하나" not in second.html + second.text
    assert "u1" in first.html
    assert "u2" in second.html


@given(name=st.text(), token=st.text(alphabet="abcXYZ019.-_", max_size=40))
def test_substitution_is_all_that_happens(name, token):
    letter = personalize(MAIL, PersonalValues(name, token, token))
    assert letter.text == f"{name}님 /u/{token} /p/{token}"
