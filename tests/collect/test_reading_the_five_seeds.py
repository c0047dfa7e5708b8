"""The five real posts that this project began with, read whole."""

from datetime import UTC, date, datetime

import pytest

from newsletter.collect.digests.digest import DigestFile
from newsletter.collect.digests.read import read
from tests.shared_data import DIGESTS, needs_shared_data

pytestmark = needs_shared_data


def seed(path: str) -> DigestFile:
    return read((DIGESTS / path).read_bytes(), path.rpartition("/")[2])


def headings(file: DigestFile) -> set[tuple[tuple[str, str], ...]]:
    return {tuple((part.heading, part.lang) for part in entry.sections) for entry in file.entries}


def test_top5_is_read_whole():
    file = seed("top5/seed-000.md")
    (digest,) = file.digests
    assert (digest.format, digest.listed_on) == ("top5", date(2026, 1, 9))
    assert [(entry.arxiv_id, entry.votes) for entry in digest.entries] == [
        ("2601.05242", 117),
        ("2601.04890", 32),
        ("2601.05249", 30),
        ("2601.05106", 26),
        ("2601.05167", 23),
    ]
    third = digest.entries[2]
    told = (("📌 요약", "ko"), ("📝 초록 (번역)", "ko"), ("🔑 핵심 포인트", "ko"))
    assert headings(file) == {told, (*told, ("🖼️ 추가 자료", "en"))}
    assert third.sections[3].text == f"Figure: {third.figures[0]}"
    assert third.title.startswith("RL-AWB: Deep Reinforcement Learning")
    assert third.image == (
        "images/RL-AWB_Deep_Reinforcement_Learning_for_Auto_White_Balance_Correction"
        "_in_Low-Light_Night-time_Scenes_img.jpg"
    )
    assert third.figures == (
        "images/RL-AWB_Deep_Reinforcement_Learning_for_Auto_White__fig_1.webp",
    )
    assert [line[:2] for line in third.sections[2].text.split("\n")] == ["- "] * 3
    assert not file.findings


def test_the_damaged_ranking_is_read_like_the_whole_one():
    damaged = seed("hf-ranking/seed-001.mojibake-cp1254.md")
    whole = seed("hf-ranking/2026-01-09-daily-papers.md")
    assert [finding.code for finding in damaged.findings] == ["digest.repaired_encoding"]
    assert not whole.findings
    assert damaged.text == whole.text
    assert [entry.votes for entry in damaged.entries] == [80, 27, 21, 19, 16, 16, 13, 12, 11, 8]
    first, *_ = damaged.entries
    assert "ê¸°ê´€: NVIDIA433" in first.raw
    assert first.institution == "NVIDIA"
    assert [(link.label, link.url) for link in first.links] == [
        ("HF 페이지", "https://huggingface.co/papers/2601.05242"),
        ("논문 링크", "https://arxiv.org/abs/2601.05242"),
    ]
    assert headings(damaged) == {(("Abstract", "en"),)}
    (digest,) = damaged.digests
    assert digest.observed_at == datetime(2026, 1, 9, 0, 15, tzinfo=UTC)
    assert digest.intro == ()


def test_wtp_is_read_whole():
    file = seed("wtp/seed-002.md")
    entries = list(file.entries)
    assert [entry.votes for entry in entries][:3] == [35, 22, 13]
    assert len(entries) == 14
    assert headings(file) == {
        (("What's New", "ko"), ("Technical Details", "ko"), ("Performance Highlights", "ko"))
    }
    first = entries[0]
    assert (first.title, first.arxiv_id) == ("Baichuan-Omni-1.5 Technical Report", "2501.15368")
    assert first.image == (
        "https://cdn-thumbnails.huggingface.co/social-thumbnails/papers/2501.15368.png"
    )
    assert first.authors[:2] == ("Haoze Sun", "Chenglin Zhu")
    assert all(entry.authors for entry in entries)
    assert file.digests[0].listed_on == date(2025, 1, 28)
    assert not file.findings


def test_imrlc_is_read_whole():
    file = seed("imrlc/seed-003.md")
    entries = list(file.entries)
    assert [entry.arxiv_id for entry in entries] == [
        "2510.04533",
        "2510.09426",
        "2510.08457",
        "2510.08867",
        "2510.08994",
        "2510.05528",
        "2510.07896",
    ]
    assert headings(file) == {
        tuple(
            (name, "ko")
            for name in ("Introduction", "Method", "Results", "Limitations", "Conclusion")
        )
    }
    assert entries[0].title == (
        "TAG:Tangential Amplifying Guidance for Hallucination-Resistant Diffusion Sampling"
    )
    assert [link.url for link in entries[0].links] == [
        "https://arxiv.org/abs/2510.04533",
        "https://www.alphaxiv.org/ko/overview/2510.04533",
    ]
    assert all(entry.votes is None for entry in entries)
    assert not file.findings


def test_pytorchkr_is_read_whole_with_both_languages_apart():
    file = seed("pytorchkr-weekly/seed-004.txt")
    (digest,) = file.digests
    assert (digest.period_start, digest.listed_on) == (date(2025, 3, 17), date(2025, 3, 23))
    assert headings(file) == {
        (
            ("논문 소개", "ko"),
            ("논문 소개", "en"),
            ("논문 초록(Abstract)", "ko"),
            ("논문 초록(Abstract)", "en"),
        )
    }
    assert len(digest.entries) == 10
    assert [finding.code for finding in file.findings] == ["digest.no_id"] * 10
    second = digest.entries[1]
    assert second.title.startswith("Towards Hierarchical Multi-Step Reward Models")
    assert second.title_ko.startswith("대규모 언어 모델에서 향상된 추론을 위한")
    assert [(link.label, link.url) for link in second.links] == [
        ("GitHub", "https://github.com/tengwang0318/hierarchial_reward_model"),
        ("X", "https://x.com/omarsar0/status/1902360668856315990"),
    ]
    (intro,) = digest.intro
    assert (intro.heading, intro.lang, intro.text.count("- ")) == ("", "ko", 3)
    told = " ".join(part.text for entry in digest.entries for part in entry.sections)
    for noise in ("좋아요", "회원으로 가입", ":fire:", "\\textbf"):
        assert noise not in told
    assert digest.credit == "파이토치 한국 사용자 모임"


def test_the_forum_page_is_read_with_its_links():
    file = seed("pytorchkr-weekly/pytorchkr-ai-ml-papers-2026-06-08-14.html")
    (digest,) = file.digests
    assert (digest.period_start, digest.listed_on) == (date(2026, 6, 8), date(2026, 6, 14))
    assert digest.observed_at == datetime(2026, 6, 14, 21, 30, 36, tzinfo=UTC)
    assert [entry.arxiv_id for entry in digest.entries] == [
        "2606.02859",
        "2512.22857",
        "2606.11459",
        "2606.09498",
        "2603.24647",
        "2606.06510",
        "2605.20668",
        "2605.28721",
        "2604.24662",
        "2605.28655",
    ]
    assert headings(file) == {
        (("논문 소개", "ko"), ("초록(Abstract)", "ko"), ("초록(Abstract)", "en"))
    }
    assert [part.heading for part in digest.intro] == ["", "논문별 핵심 요약"]
    assert [len(entry.figures) for entry in digest.entries][:3] == [2, 0, 1]
    assert not file.findings


@pytest.mark.parametrize(
    "path",
    ["top5/seed-000.md", "wtp/seed-002.md", "imrlc/seed-003.md", "pytorchkr-weekly/seed-004.txt"],
)
def test_entries_keep_how_they_stood(path):
    stood = (DIGESTS / path).read_text()
    for entry in seed(path).entries:
        assert entry.raw in stood
        assert stood.split("\n")[entry.line - 1] == entry.raw.split("\n")[0]
