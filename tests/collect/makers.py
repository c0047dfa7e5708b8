"""Posts of makers whom nobody has shown us: shapes that are in use, in words of our own."""

FIRST, SECOND = "2601.00101", "2601.00102"

NUMBERED_WITH_BULLETS = """\
{% raw %}
# 전체 AI 논문 - 2026-01-30

## 1. A Made-up Paper About Sorting
- **Authors**: Kim A , Lee B
- **URL**: [https://arxiv.org/abs/2601.00101](https://arxiv.org/abs/2601.00101)
- **Abstract**:
> We sort things, and never look at them.

---

## 2. Counting Without Numbers
- **Authors**: Park C
- **URL**: [https://arxiv.org/abs/2601.00102](https://arxiv.org/abs/2601.00102)
- **Abstract**:
> We count things.

---
{% endraw %}
"""
NUMBERS_IN_BRACKETS = """\
<div id=toc></div>

# cs.CL, 2026-01-30 [Total: 2]

### [1] [A Made-up Paper About Sorting](https://arxiv.org/abs/2601.00101)
*Kim A, Lee B*

Main category: cs.CL

> **TL;DR:** We sort things, and never look at them.

<details>
  <summary>Details</summary>

**Motivation:** Sorting is slow, as everybody knows who ever waited for it.

> **摘要翻译:** 我们在不看的情况下对事物进行排序，这是自己编写的文字。

</details>

### [2] [Counting Without Numbers](https://arxiv.org/abs/2601.00102)
*Park C*

> **TL;DR:** We count things.
"""
HIGHEST_HEADINGS = """\
# A Made-up Paper About Sorting

**Authors**: Kim A, Lee B

**Link**: [PDF](https://arxiv.org/pdf/2601.00101)

**Abstract**: We sort things, and never look at them.

---
# Counting Without Numbers

**Authors**: Park C

**Link**: [PDF](https://arxiv.org/pdf/2601.00102)

**Abstract**: We count things.
"""
CARDS = """\
<!doctype html><html><head><title>논문</title></head><body><h1>오늘의 비전 논문 2026-01-30</h1>
<h2>💡 오늘의 인사이트</h2><div><p>오늘 나온 <a href="https://arxiv.org/abs/2601.00101">Blind Sort</a>는 눈을 감는다.</p></div>
<h2>📊 현황</h2><div>정렬이 많았다.</div>
<h2>📄 논문별 요약</h2><h4>📦 정렬 <span>· 2편</span></h4>
<div><div>📄 <a href="https://arxiv.org/abs/2601.00101"><strong>A Made-up Paper About Sorting</strong></a> <span>[📦 code ✗]</span></div>
<div>👥 Kim A, Lee B et al.</div><p>눈을 감고 정렬하는 지어낸 방법이다.</p></div>
<div><div>📄 <a href="https://arxiv.org/abs/2601.00102"><strong>Counting Without Numbers</strong></a></div>
<div>👥 Park C</div><p>숫자 없이 세는 지어낸 방법이다.</p></div>
</body></html>
"""
BRACKETS_BEFORE_ADDRESSES = """\
以下是自己编写的今日总结 2026-01-30。

### **今日研究趋势综述**

1. **排序的回归**：研究者再次关注排序问题，这是自己编写的文字。

### **重点论文深度剖析**

#### **1. [A Made-up Paper About Sorting]** (https://huggingface.co/papers/2601.00101)
- **作者**：Kim A, Lee B
- **核心痛点与创新点**：排序很慢，所以我们闭上眼睛。这是自己编写的文字。

#### **2. [Counting Without Numbers]** (https://huggingface.co/papers/2601.00102)
- **作者**：Park C
- **核心痛点与创新点**：不用数字来数数，这是自己编写的文字。
"""
TABLE = """\
## Updated on 2026.01.30

## Sorting

|Publish Date|Title|Authors|PDF|Code|
|---|---|---|---|---|
|**2026-01-29**|**A Made-up Paper About Sorting**|Kim A, Lee B et.al.|[2601.00101](http://arxiv.org/abs/2601.00101)|null|
|**2026-01-28**|**Counting Without Numbers**|Park C et.al.|[2601.00102](http://arxiv.org/abs/2601.00102)|**[link](https://github.com/a/b)**|
"""
TABLE_WITH_TEXT = """\
# Top Papers of 2026-01-30

| **Paper**  | **Links** |
| ---------- | --------- |
| 1) **A Made-up Paper About Sorting** - sorts, and never looks at anything. | [Paper](https://arxiv.org/abs/2601.00101), [Post](https://x.com/a/status/1) |
| 2) **Counting** - counts whatever is there, without any number. | [Paper](https://arxiv.org/abs/2601.00102) |
"""
NUMBERED_ITEMS = """\
# 데일리 논문 2026-01-30

1. **A Made-up Paper About Sorting** (⬆ 12)
   - 저자: Kim A, Lee B
   - 링크: https://arxiv.org/abs/2601.00101
   - 요약: 눈을 감고 정렬하는 지어낸 방법이다.

2. **Counting Without Numbers**
   - 저자: Park C
   - 링크: https://arxiv.org/abs/2601.00102
   - 요약: 숫자 없이 세는 지어낸 방법이다.
"""
TITLE_LABELS = """\
# Reading 2026-01-30

**Title**: A Made-up Paper About Sorting
**Authors**: Kim A, Lee B
**Link**: https://arxiv.org/abs/2601.00101
**Summary**: It sorts, with closed eyes.

**Title**: Counting Without Numbers
**Authors**: Park C
**Link**: https://arxiv.org/abs/2601.00102
**Summary**: It counts.
"""
LINKED_ITEMS = """\
# Weekly reading, 2026-W05

Some words on the week that we made up.

## Papers Found

- [A Made-up Paper About Sorting](https://alphaxiv.org/abs/2601.00101)
- [Counting Without Numbers](https://alphaxiv.org/abs/2601.00102): it counts whatever is there, without any number.
- A shop opened in town.
"""
ONE_PAPER = """\
---
title: "A Made-up Paper About Sorting"
date: 2026-01-30
source: https://arxiv.org/abs/2601.00101
---

A Made-up Paper About Sorting

* Date: 2026-01-30
* Source: https://arxiv.org/abs/2601.00101
* Topic: AI / Sorting

## Korean Summary

**한줄 요약**

눈을 감고 정렬하는 지어낸 방법이다.

**알아둘 용어**

- **정렬(Sorting)**: 차례를 매기는 일
- **눈**: 보는 기관

---

## English Summary

**One-line summary**

We sort things, and never look at them.
"""
REVIEW = """\
# A Made-up Paper About Sorting

> **저자**: Kim A, Lee B | **날짜**: 2026-01-30 | **DOI**: [10.48550/arXiv.2601.00101](https://doi.org/10.48550/arXiv.2601.00101)

---

## Essence

본 논문은 눈을 감고 정렬하는 지어낸 방법이다.

## Motivation

- **Known**: 정렬은 느리다.
- **Gap**: 아무도 눈을 감지 않았다.
"""
JSON_FEED = """\
{"version": "https://jsonfeed.org/version/1.1", "title": "Papers of 2026-01-30", "items": [
 {"id": "1", "url": "https://arxiv.org/abs/2601.00101", "title": "A Made-up Paper About Sorting",
  "content_html": "<p>We sort things, and never look at them.</p>", "authors": [{"name": "Kim A"}, {"name": "Lee B"}]},
 {"id": "2", "url": "https://news.example.org/a", "title": "A shop opened", "content_text": "There is a new shop in town."}]}
"""
EMOJI = """\
# 🗞️ AI 논문 브리핑 2026-01-30

## 🔥 오늘의 추천 논문

### 📌 [A Made-up Paper About Sorting](https://huggingface.co/papers/2601.00101) (⬆️ 52)

**👥 저자:** Kim A, Lee B
**🏛️ 기관:** KAIST

**💡 요약**
눈을 감고 정렬하는 지어낸 방법이다.

**🎯 핵심 포인트**
- 눈을 감는다.

[📄 논문](https://arxiv.org/abs/2601.00101) | [💻 코드](https://github.com/a/b)

### 📌 [Counting Without Numbers](https://huggingface.co/papers/2601.00102) (⬆️ 12)

**👥 저자:** Park C

**💡 요약**
숫자 없이 센다.
"""
CHINESE_TABLE = """\
# 每日论文 2026-01-30

| 序号 | 标题 | 作者 | 链接 | 摘要 |
|---|---|---|---|---|
| 1 | A Made-up Paper About Sorting | Kim A, Lee B | [arXiv](https://arxiv.org/abs/2601.00101) | 我们闭上眼睛排序，这是自己编写的文字。 |
| 2 | Counting Without Numbers | Park C | [arXiv](https://arxiv.org/abs/2601.00102) | 不用数字来数数，这是自己编写的文字。 |
"""
ARTICLES = """\
<div><article><h2><a href="https://arxiv.org/abs/2601.00101">A Made-up Paper About Sorting</a></h2>
<dl><dt>Authors</dt><dd>Kim A, Lee B</dd><dt>Summary</dt><dd>We sort things, and never look.</dd></dl></article>
<article><h2><a href="/papers/2">Counting Without Numbers</a></h2><p><a href="https://arxiv.org/pdf/2601.00102">PDF</a></p>
<ul><li><b>Authors</b>: Park C</li><li><b>Summary</b>: We count.</li></ul></article></div>
"""
TABLE_OF_A_PAGE = """\
<html><body><h1>Papers of 2026-01-30</h1><table><tr><th>Title</th><th>Authors</th></tr>
<tr><td><a href="https://arxiv.org/abs/2601.00101">A Made-up Paper About Sorting</a></td><td>Kim A</td></tr>
<tr><td><a href="https://arxiv.org/abs/2601.00102">Counting Without Numbers</a></td><td>Park C</td></tr></table></body></html>
"""
BLOG_ABOUT_ONE = """\
---
title: "[논문 리뷰] A Made-up Paper About Sorting"
date: 2026-01-30 09:00:00 +0900
---

> arXiv 2026. [[Paper](https://arxiv.org/abs/2601.00101)] [[Github](https://github.com/a/b)]

## Introduction

정렬은 느리다. 그래서 눈을 감는다.

## Method

눈을 감는다. [이전 연구](https://arxiv.org/abs/1706.03762)와 다르다.
"""
IN_TWO_LANGUAGES = """\
# 오늘의 논문 (2026-01-30)

## 1️⃣ 지어낸 정렬 논문 (A Made-up Paper About Sorting)
- **원문**: [arXiv:2601.00101](https://arxiv.org/abs/2601.00101)
- **한줄요약**: 눈을 감고 정렬한다.

## 2️⃣ Counting Without Numbers / 숫자 없이 세기
- **arXiv ID**: 2601.00102
- **한줄요약**: 숫자 없이 센다.
"""
RECORDS = """\
{"date": "2026-01-30", "papers": [
 {"arxiv_id": "2601.00101v2", "title": "A Made-up Paper About Sorting", "title_ko": "지어낸 정렬 논문", "authors": ["Kim A", "Lee B"],
  "abstract": "We sort things, and never look at them.", "tldr_zh": "这是一段自己编写的中文文字，用来测试语言识别。",
  "categories": ["cs.CL"], "pdfUrl": "https://arxiv.org/pdf/2601.00101", "upvotes": 7}]}
"""
