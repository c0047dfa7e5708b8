"""``this https URL``: what arXiv shows for an address that it does not give. Pure.

A sentence that says nothing but where the code or the data lie says nothing without the address,
so it is left out. In another sentence only the words go that lead to it. Where it stands for a name
(arXiv takes "Paper.ai" for an address), it stays: without it the sentence would say something else.
"""

import re

_WORDS = ("this https URL", "this http URL")
_SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+(?=[A-Z\[(*_`\\])")
_LINKED = re.compile(r"\\href\s?\{\s?this https? URL\s?\}\s?\{([^{}]{0,200})\}")
_BRACKETED = re.compile(r"\s?[(\[](?:[\w ,/&]{1,40}(?::|\bat|\bon)\s?)?this https? URL\s?[)\]]")
_LED_TO = re.compile(
    r"(?:\s?[:–—]\s?|\s(?:at|from|on|in|via|under|through|here|see|visit|out)\s?:?\s)this https? URL"
    r"(?:\s?(?:,|and|or)\s(?:at\s)?this https? URL){0,5}"
)
_ALONE = re.compile(r"this https? URL")
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)?")
# What is left of such a notice without these is a name at most.
_OF_NOTICES = {
    "a", "accessed", "accessible", "additional", "all", "also", "an", "and", "anonymous", "are", "artifacts", "as",
    "at", "audio", "available", "be", "been", "benchmark", "benchmarks", "both", "can", "check", "checkpoints",
    "code", "codebase", "codes", "data", "dataset", "datasets", "demo", "demos", "details", "evaluation",
    "everything", "examples", "face", "following", "for", "found", "from", "full", "fully", "further", "general",
    "github", "here", "homepage", "hosted", "http", "https", "hugging", "huggingface", "implementation",
    "implementations", "in", "information", "is", "its", "leaderboard", "library", "link", "made", "material",
    "materials", "model", "models", "more", "of", "on", "online", "open", "open-source", "open-sourced",
    "opensource", "opensourced", "or", "our", "out", "package", "page", "pages", "please", "pre-trained",
    "pretrained", "project", "projects", "provided", "public", "publicly", "refer", "related", "release",
    "released", "releasing", "repo", "repositories", "repository", "resources", "results", "samples", "scripts",
    "see", "shared", "site", "source", "supplementary", "tested", "that", "the", "their", "these", "this", "to",
    "toolkit", "tools", "trained", "training", "under", "url", "via", "video", "videos", "visit", "visualisations",
    "visualizations", "we", "web", "webpage", "website", "weights", "which", "will", "with", "you",
}  # fmt: skip
_MOST_OTHER_WORDS = 2
_LONGEST_NOTICE = 200
_BEFORE_A_STOP = re.compile(r"\s(?=[.,;:!?](?:\s|\Z))")


def without(text: str) -> str:
    """Return one line without what arXiv has put in the place of addresses."""
    if not _in(text):
        return text
    kept = [_mended(part) for part in _SENTENCE_ENDS.split(_LINKED.sub(r"\1", text))]
    return " ".join(part for part in kept if part)


def _mended(sentence: str) -> str:
    if not _in(sentence):
        return sentence
    bare = _LED_TO.sub("", _BRACKETED.sub("", sentence))
    if not _in(bare) and _others(bare) <= _MOST_OTHER_WORDS and len(bare) <= _LONGEST_NOTICE:
        return ""
    return "" if not _others(bare) else _BEFORE_A_STOP.sub("", bare).strip()


def _in(text: str) -> bool:
    return any(words in text for words in _WORDS)


def _others(sentence: str) -> int:
    """Return how many words say more than where something lies."""
    words = _WORD.findall(_ALONE.sub(" ", sentence).lower())
    return len([word for word in words if word not in _OF_NOTICES])
