import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.render.prose import prose_html, prose_text
from newsletter.render.text import clean, columns, first_sentences, one_line, tidy, wrap


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("한 문단입니다.", "<p>한 문단입니다.</p>"),
        ("하나\n\n둘", "<p>하나</p>\n<p>둘</p>"),
        ("- 하나\n- 둘", "<ul>\n<li>하나</li>\n<li>둘</li>\n</ul>"),
        ("**논문(GDPO)**은 좋다", "<p><strong>논문(GDPO)</strong>은 좋다</p>"),
        (
            '**"방법"**을 **둘** 보인다',
            '<p><strong>"방법"</strong>을 <strong>둘</strong> 보인다</p>',
        ),
        ("2 ** 3 ** 4", "<p>2 ** 3 ** 4</p>"),
        ("snake_case_name 과 a*b*c", "<p>snake_case_name 과 a*b*c</p>"),
        ("# 제목이 아니다", "<p># 제목이 아니다</p>"),
        ("`code` [a](javascript:x) <b>굵게</b>", None),
        ("[링크](https://a.example) ![그림](x.png)", None),
        ("a & b < c", "<p>a &amp; b &lt; c</p>"),
        ("", ""),
    ],
)
def test_section_text_is_paragraphs_bullets_and_strong_words(source, html):
    if html is None:
        assert prose_html(source).startswith("<p>")
        assert "<a" not in prose_html(source)
        assert "<img" not in prose_html(source)
        assert "<b>" not in prose_html(source)
        assert "<code" not in prose_html(source)
    else:
        assert prose_html(source) == html


def test_numbered_lines_stay_numbered():
    assert prose_html("3. 셋\n4. 넷") == '<ol start="3">\n<li>셋</li>\n<li>넷</li>\n</ol>'


@given(st.text())
def test_only_the_allowed_tags_ever_come_out(source):
    html = prose_html(source)
    for tag in ("p", "ul", "ol", "li", "strong"):
        html = html.replace(f"<{tag}>", "").replace(f"</{tag}>", "")
    assert "<" not in html.replace('<ol start="', "")


def test_text_for_a_terminal_hangs_its_bullets():
    source = "**첫** 문단\n\n- " + "가나다라 " * 12 + "\n- 둘"
    assert prose_text(source, 40) == (
        "첫 문단\n\n"
        "• 가나다라 가나다라 가나다라 가나다라\n"
        "  가나다라 가나다라 가나다라 가나다라\n"
        "  가나다라 가나다라 가나다라 가나다라\n"
        "• 둘"
    )


def test_hangul_takes_two_columns_and_is_broken_between_words():
    assert columns("논문 AI") == 7
    assert columns("e\u0301") == 1
    assert wrap("가나다 라마바 사아자", 13) == "가나다 라마바\n사아자"


def test_a_word_longer_than_a_line_is_cut_but_an_address_never():
    assert wrap("가" * 10, 8) == "가가가가\n가가가가\n가가"
    assert wrap("https://example.org/" + "a" * 40, 20) == "https://example.org/" + "a" * 40


@given(st.text(), st.integers(10, 90))
def test_wrapping_loses_no_letter_and_no_line_is_too_long(source, width):
    wrapped = wrap(source, width)
    assert "".join(wrapped.split()) == "".join(source.split())
    assert all(columns(line) <= width or "://" in line for line in wrapped.split("\n"))


def test_folding_keeps_whole_sentences():
    text = "첫 문장이다. 둘째 문장이다. 셋째 문장이다."
    assert first_sentences(text, 20) == "첫 문장이다. 둘째 문장이다."
    assert first_sentences(text, 8) == "첫 문장이다."
    assert first_sentences("- **굵은** 첫 줄. 다음 줄.", 10) == "굵은 첫 줄."
    assert first_sentences("앞 문장이다.\n\n- 첫 줄이다.\n- 끝", 20) == "앞 문장이다. 첫 줄이다. 끝"


def test_a_sentence_without_an_end_is_cut_at_a_word():
    assert first_sentences("낱말 " * 300, 40).endswith("낱말…")
    assert len(first_sentences("낱말 " * 300, 40)) <= 81


def test_control_letters_are_taken_out_and_line_ends_made_one():
    assert clean("a\x00b\r\nc\rd\u202ee\ud800\ufffe") == "ab\nc\nde"
    assert one_line("하나\n  둘\t셋", 50) == "하나 둘 셋"
    assert one_line("가" * 60, 10) == "가" * 9 + "…"
    assert tidy("\n\na \n\n\n  b\n\n\nc\n\n") == "a\n\n  b\n\nc\n"


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("같은 이점 값(advantage)으로 뭉개집니다.", ")으로"),
        ("정책 [GDPO]를 씁니다.", "]를"),
    ],
)
def test_a_line_never_breaks_between_a_bracket_and_its_particle(text, bound):
    assert f'<span class="nb">{bound}</span>' in prose_html(text)


def test_a_word_behind_a_bracket_may_stand_on_the_next_line():
    assert "<span" not in prose_html("기존(방법)아무래도긴낱말 (가) 나")
