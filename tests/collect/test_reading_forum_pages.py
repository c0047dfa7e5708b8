"""The weekly post as the forum shows it, in the shapes of both of its generations."""

from newsletter.collect.digests import discourse
from tests.collect.posts import ATTENTION, LORA, codes, read_text

EMOJI = '<img src="https://forum.example.org/fire.png" title=":fire:" class="emoji" alt=":fire:">'
ONEBOX = (
    '<aside class="onebox allowlistedgeneric" data-onebox-src="{url}"><header class="source">'
    '<a href="{url}">arXiv.org</a></header><article class="onebox-body"><h3><a href="{url}">'
    "논문 소개 / A Heading of Another Site</a></h3><p>Its own text.</p></article></aside>"
)
PICTURE = (
    '<p><div class="lightbox-wrapper"><a class="lightbox" href="https://forum.example.org/big.png">'
    '<img src="https://forum.example.org/small.png" alt="그림"><div class="meta">'
    '<span class="filename">그림</span><span class="informations">793×190 23.8 KB</span></div></a></div></p>'
)


def paper(told, abstract, *, further=""):
    return (
        f'<h2><a name="p-1" class="anchor" href="#p-1"></a>우리말 제목 / {told.title}</h2>{PICTURE}'
        f"<h3>논문 소개</h3><p>{told.text}</p><ul><li><p>층이 <strong>깊습니다</strong>.</p></li></ul>{abstract}"
        f"<h3>논문 링크</h3>{ONEBOX.format(url=f'https://arxiv.org/abs/{told.id}')}"
        f"<h3>더 읽어보기</h3>{further}<hr>"
    )


OF_2025 = "<p>This paper reads long contexts.</p><h3>논문 초록(Abstract)</h3><p>긴 글을 읽습니다.</p><p>We read.</p>"
OF_2026 = "<h3>초록(Abstract)</h3><p>긴 글을 읽습니다.</p><blockquote><p>We read.</p></blockquote>"
FURTHER = '<p><a href="https://github.com/a/b" class="inline-onebox">a/b: code</a></p>'
FOOTER = (
    f'<p><a href="https://forum.example.org/">{EMOJI}파이토치 한국 사용자 모임</a>이 정리한 이 글이 유용하셨나요?</p>'
    f"<p>아래쪽에 좋아요{EMOJI}를 눌러주시면 힘이 됩니다</p>"
)


def post(*papers):
    title = "[2026/06/08 ~ 14] 이번 주에 살펴볼 만한 AI/ML 논문 모음"
    intro = f"<h3>PyTorchKR{EMOJI}</h3><p>이번 주는 조용합니다.</p><h2>논문별 핵심 요약</h2><ul><li><p>하나입니다.</p></li></ul><hr>"
    return f"<h1>{title}</h1>\n{intro}\n{''.join(papers)}\n{FOOTER}"


def page(cooked):
    return (
        "<!DOCTYPE html><html><head><title>글 - 모임</title></head><body><nav><p>홈</p></nav>"
        "<time datetime='2026-06-14T21:30:36Z' class='post-time'>6월 14</time>"
        f"<div class='post' itemprop=\"text\">{cooked}</div>"
        "<div class='post' itemprop=\"text\"><p>둘째 글입니다.</p></div><footer><p>이용약관</p></footer></body></html>"
    )


def sections(entry):
    return [(part.heading, part.lang, part.text) for part in entry.sections]


def test_the_older_generation_has_both_languages_under_one_heading():
    (entry,) = read_text(post(paper(ATTENTION, OF_2025))).entries
    assert sections(entry) == [
        ("논문 소개", "ko", f"{ATTENTION.text}\n\n- 층이 **깊습니다**."),
        ("논문 소개", "en", "This paper reads long contexts."),
        ("논문 초록(Abstract)", "ko", "긴 글을 읽습니다."),
        ("논문 초록(Abstract)", "en", "We read."),
    ]


def test_the_newer_generation_quotes_the_english_abstract():
    (entry,) = read_text(post(paper(ATTENTION, OF_2026))).entries
    assert sections(entry)[1:] == [
        ("초록(Abstract)", "ko", "긴 글을 읽습니다."),
        ("초록(Abstract)", "en", "We read."),
    ]


def test_a_page_gives_its_first_post_with_links_and_picture_and_nothing_around_it():
    file = read_text(page(post(paper(ATTENTION, OF_2026, further=FURTHER), paper(LORA, OF_2026))))
    (digest,) = file.digests
    first, second = digest.entries
    assert (first.arxiv_id, second.arxiv_id) == (ATTENTION.id, LORA.id)
    assert (first.title_ko, first.title) == ("우리말 제목", ATTENTION.title)
    assert first.image == "https://forum.example.org/big.png"
    assert [(link.label, link.url) for link in first.links] == [
        ("arXiv", f"https://arxiv.org/abs/{ATTENTION.id}"),
        ("a/b: code", "https://github.com/a/b"),
    ]
    assert [(part.heading, part.text) for part in digest.intro] == [
        ("", "이번 주는 조용합니다."),
        ("논문별 핵심 요약", "- 하나입니다."),
    ]
    for noise in ("둘째 글", "이용약관", "홈", "Another Site", "KB", ":fire:"):
        assert noise not in file.text or noise == ":fire:"
    assert not codes(file)


def test_no_text_of_the_footer_reaches_the_last_paper():
    *_, last = read_text(post(paper(ATTENTION, OF_2026))).entries
    assert "유용하셨나요" not in str(last.sections)
    assert "forum.example.org" not in str(last.links)


def test_items_keep_their_numbers():
    own = discourse.lines(
        "<p>흐름입니다.</p><ol><li><p>하나</p></li><li>둘<ul><li>가</li></ul></li></ol>"
        "<p>이어서</p><ol start='3'><li>셋</li></ol><ul><li>나</li></ul>"
    )
    told = [line.text for line in own if line.text]
    assert told == ["흐름입니다.", "1. 하나", "2. 둘", "- 가", "이어서", "3. 셋", "- 나"]


def test_a_ranking_is_read_from_its_page():
    items = "".join(
        f"<li><p><strong>{told.title}</strong> - 👍 {told.votes}</p><ul><li>"
        f'<a href="https://huggingface.co/papers/{told.id}">HF 페이지</a></li></ul></li>'
        for told in (ATTENTION, LORA)
    )
    title = "<h1>Hugging Face Daily Papers - 2026-01-09</h1><h2>📊 좋아요 순위</h2>"
    entries = read_text(f"<html><body>{title}<ol>{items}</ol></body></html>").entries
    assert [(entry.title, entry.arxiv_id, str(entry.votes)) for entry in entries] == [
        (told.title, told.id, told.votes) for told in (ATTENTION, LORA)
    ]


def test_each_line_remembers_the_html_it_was_made_of():
    html = post(paper(ATTENTION, OF_2026))
    own = discourse.lines(html)
    assert "".join(line.raw for line in own) in html
    assert own[0].raw.startswith("<h1>")
