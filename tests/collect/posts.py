"""Small posts in the five formats, written for these tests: real papers, our own sentences."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from newsletter.collect.digests.digest import DigestEntry, DigestFile
from newsletter.collect.digests.read import read


@dataclass(frozen=True)
class Told:
    """What a post tells of one paper."""

    title: str
    id: str
    votes: str = "12"
    text: str = "이 논문은 긴 문맥을 다루는 방법을 제안합니다."


ATTENTION = Told("Attention Is All You Need", "1706.03762", "117")
LORA = Told("LoRA: Low-Rank Adaptation of Large Language Models", "2106.09685", "32")
RESNET = Told("Deep Residual Learning for Image Recognition", "1512.03385", "8")
PAPERS = (ATTENTION, LORA, RESNET)


def top5(papers: Iterable[Told] = PAPERS) -> str:
    return "# 2026-01-09 Daily Papers (Top 5)\n\n" + "\n---\n\n".join(
        f"## {number}. [{paper.title}](https://huggingface.co/papers/{paper.id})\n"
        f"**Upvotes**: {paper.votes}\n\n"
        f"![Thumbnail](images/{paper.id}_img.jpg)\n\n"
        f"### 📌 요약\n{paper.text}\n\n"
        f"### 🔑 핵심 포인트\n- 학습이 빨라집니다.\n- 메모리를 덜 씁니다.\n"
        for number, paper in enumerate(papers, 1)
    )


def hf_ranking(papers: Sequence[Told] = PAPERS, *, front: str = "") -> str:
    front = front or (
        "title: Hugging Face Daily Papers - 2026-01-09\n"
        "date: 2026-01-09 09:15:00 +0900\ncategories: [Daily Papers, 일간]\nauthor: somebody"
    )
    return (
        f"---\n{front}\n---\n\n# Hugging Face Daily Papers - 2026-01-09\n\n"
        f"총 **{len(papers)}개**의 논문이 수집되었습니다.\n\n## 📊 좋아요 순위\n\n"
    ) + "\n".join(
        f"{number}. **{paper.title}** - 👍 {paper.votes}\n"
        f"   - 기관: KAIST{number}1\n"
        f"   - [HF 페이지](https://huggingface.co/papers/{paper.id})\n"
        f"   - [논문 링크](https://arxiv.org/abs/{paper.id})\n"
        f"   - Abstract: We study how a model reads a long context.\n"
        for number, paper in enumerate(papers, 1)
    )


def wtp(papers: Iterable[Told] = PAPERS, *, day: str = "2025-01-28") -> str:
    return f"## Daily Papers ({day})\n\n" + "\n".join(
        f"### [{paper.title}](https://arxiv.org/abs/{paper.id})\n\n"
        f"![](https://cdn-thumbnails.huggingface.co/social-thumbnails/papers/{paper.id}.png)\n\n"
        f"Vote: {paper.votes}\n\nAuthors: Ada Kim, Grace Lee\n\n"
        f"- ***What's New***: {paper.text}\n"
        f"- ***Technical Details***: 주의 집중을 여러 번 나눕니다.\n"
        f"- ***Performance Highlights***: 기존 방법보다 3점 높습니다.\n"
        for paper in papers
    )


def imrlc(papers: Iterable[Told] = PAPERS, *, title: str = '"Daily Papers — 2025-10-13"') -> str:
    return (
        f"---\nlayout: post\ntitle: {title}\ndate: 2025-10-13 08:15:00\n"
        "tags: [papers, arxiv]\n---\n\n"
    ) + "\n".join(
        f"# {number}. [{paper.title}](https://arxiv.org/abs/{paper.id})\n\n"
        f"> [Alphaxiv](https://www.alphaxiv.org/ko/overview/{paper.id})\n\n"
        f"## Introduction\n- Goal: {paper.text}  \n- Motivation: 느리기 때문입니다.  \n\n"
        "## Method  \n층을 나누어 학습합니다.  \n순서를 바꾸어 다시 학습합니다.  \n\n"
        "## Results  \n정확도가 올랐습니다.\n\n## Limitations  \n정보 부족\n\n"
        "## Conclusion  \n쓸 만한 방법입니다.\n"
        for number, paper in enumerate(papers, 1)
    )


def pytorchkr(papers: Iterable[Told] = PAPERS) -> str:
    title = "[2025/03/17 ~ 03/23] 이번 주의 주요 ML 논문 (Top ML Papers of the Week)"
    return (
        f"{title}\n\n{title}\n\nPyTorchKR:fire::kr:\n\n  • 이번 주에는 강화 학습이 눈에 띕니다.\n\n"
        + "".join(
            f"우리말 제목 {number} / {paper.title}\n\n논문 소개\n\n{paper.text}\n\n"
            "  • 층이 깊습니다.\n\nThis paper proposes a way to read long contexts.\n\n"
            "논문 초록(Abstract)\n\n긴 글을 읽는 법을 연구합니다.\n\nWe study long contexts.\n\n"
            f"논문 링크\n\nhttps://arxiv.org/abs/{paper.id}\n\n더 읽어보기\n\nhttps: //github.com/a/{number}\n\n"
            for number, paper in enumerate(papers, 1)
        )
        + (
            "원문\n\n  • 이 글은 GPT 모델로 정리한 것으로, 잘못된 부분이 있을 수 있습니다.\n\n"
            ":fire:파이토치 한국 사용자 모임:kr:이 정리한 이 글이 유용하셨나요?\n\n1개의 좋아요\n"
        )
    )


FORMATS = {
    "top5": top5,
    "hf-ranking": hf_ranking,
    "wtp": wtp,
    "imrlc": imrlc,
    "pytorchkr-weekly": pytorchkr,
}


def read_text(text: str, name: str = "post.md") -> DigestFile:
    return read(text.encode(), name)


def only_entry(text: str) -> DigestEntry:
    (entry,) = read_text(text).entries
    return entry


def codes(file: DigestFile) -> set[str]:
    return {finding.code for finding in file.findings}
