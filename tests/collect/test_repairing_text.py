import pytest

from newsletter.collect import repair


@pytest.mark.parametrize(
    ("written", "repaired"),
    [
        ("AT$^2$PO", "AT²PO"),
        (r"$\alpha$-VAE", "α-VAE"),
        (r"$O(n \log n)$", "O(n log n)"),
        (r"$\mathcal{L}_{\text{CE}}$", "ℒ_CE"),
        (r"LLM$\times$MapReduce", "LLM×MapReduce"),
        (r"over 3.6\times faster", "over 3.6× faster"),
        (r"\textit{Qwen} and \emph{all}", "Qwen and all"),
        (
            r"$\textbf{D}ecoupled Clip (\textbf{DAPO}$) algorithm",
            "Decoupled Clip (DAPO) algorithm",
        ),
        ("\textit{a} of \x0crac{1}{2}", r"a of \frac{1}{2}"),
        (r"a 6.9\% gain, Q\&A", "a 6.9% gain, Q&A"),
        (r"(0.84 vs. $\leq$0.76)", "(0.84 vs. ≤0.76)"),
        (r"$O(d^{3/2})$ steps, $x^{n-1}$", "O(d^(3/2)) steps, xⁿ⁻¹"),
        (r"at $\sim$$3\times$ the speed, $18\times 24$ pixels", "at ∼3× the speed, 18×24 pixels"),
        (r"360$^\circ$ and 90$^{\circ}$", "360° and 90°"),
    ],
)
def test_latex_becomes_unicode(written, repaired):
    assert repair.line(written) == repaired


@pytest.mark.parametrize(
    "text",
    [
        "costs $5 and $10 per run",
        "from $5-$10",
        "once $5$$6$, now free",
        "$$a + b$$",
        "$891K spent on it and an additional $2M",
        "가격은 $5부터 $x까지입니다",
        r"C:\new\test",
        r"\url{..} \href{..}{..} \cite{..}",
        r"$\undefined{$ x",
        "||W||",
        "a_b and c^d",
    ],
)
def test_what_is_no_certain_latex_stays_as_it_was(text):
    assert repair.line(text) == text


@pytest.mark.parametrize(
    ("written", "repaired"),
    [
        ("https: //github.com/a/b", "https://github.com/a/b"),
        ("https:// arxiv.org/abs/ 1706.03762", "https://arxiv.org/abs/1706.03762"),
        ("https://a.org/x를 보세요", "https://a.org/x 를 보세요"),
        ("https://ko.wikipedia.org/wiki/한국 참고", "https://ko.wikipedia.org/wiki/한국 참고"),
        ("http: 규약", "http: 규약"),
    ],
)
def test_links_are_joined_and_parted(written, repaired):
    assert repair.links(written) == repaired


def test_shortcodes_become_emoji_and_times_of_day_do_not():
    assert repair.shortcodes("PyTorchKR:fire::kr: :+1: :south_korea:") == "PyTorchKR🔥🇰🇷 👍 🇰🇷"
    assert repair.shortcodes("09:15:00 :no_such_thing_at_all:") == "09:15:00 :no_such_thing_at_all:"


def test_hangul_is_composed_and_joined_emoji_stay_joined():
    assert repair.characters("\u1112\u1161\u11ab") == "한"
    assert repair.characters("👩‍🔬 a\u200db") == "👩‍🔬 ab"
