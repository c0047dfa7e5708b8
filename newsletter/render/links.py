"""The addresses in a mail, and which ones may be in it at all."""

import re
from urllib.parse import quote

from newsletter.collect.digests.digest import Link
from newsletter.common.web_address import is_public

MAXIMUM_URL = 600

_SPACE_OR_CONTROL = re.compile(r"[\s\x00-\x1f\x7f\"<>\\]")
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|webp)(?:[?#]|$)", re.IGNORECASE)
_CODE = re.compile(r"https?://(?:www\.)?(?:github\.com|gitlab\.com|codeberg\.org)/[^/\s]+/[^/\s]+")
_OWN_PAGES = re.compile(
    r"^https?://(?:www\.|export\.)?(?:arxiv\.org/(?:abs|pdf|html)/|huggingface\.co/papers/"
    r"|alphaxiv\.org/)"
)


def absolute(url: str) -> str:
    """Return ``url`` if it is a public web address that a mail may carry, else nothing."""
    if len(url) > MAXIMUM_URL or _SPACE_OR_CONTROL.search(url):
        return ""
    return url if is_public(url) else ""


def picture(url: str) -> str:
    """Return ``url`` if it is an absolute https address, else nothing."""
    return absolute(url) if url.startswith("https://") else ""


def arxiv(arxiv_id: str) -> str:
    """Return the page of the paper at arXiv."""
    return f"https://arxiv.org/abs/{_path(arxiv_id)}"


def huggingface(arxiv_id: str) -> str:
    """Return the page of the paper at Hugging Face, where its votes are."""
    return f"https://huggingface.co/papers/{_path(arxiv_id)}"


def alphaxiv(arxiv_id: str, language: str) -> str:
    """Return the overview of the paper at alphaXiv, in the language ``ko`` or ``en``."""
    spoken = "" if language == "en" else f"{language}/"
    return f"https://www.alphaxiv.org/{spoken}overview/{_path(arxiv_id)}"


def is_picture(url: str) -> bool:
    """Tell whether ``url`` leads to a picture that a mail may show."""
    return bool(_PICTURE.search(url)) and bool(picture(url))


def is_code(url: str) -> bool:
    """Tell whether ``url`` leads to a repository of code."""
    return bool(_CODE.match(url))


def further(links: tuple[Link, ...], arxiv_id: str | None) -> tuple[Link, ...]:
    """Return the links worth showing beside the paper's own pages, each once."""
    shown = {
        link.url: link
        for link in links
        if absolute(link.url) and not (arxiv_id and _is_own_page(link.url, arxiv_id))
    }
    return tuple(shown.values())


def _is_own_page(url: str, arxiv_id: str) -> bool:
    return bool(_OWN_PAGES.match(url)) and arxiv_id in url


def _path(arxiv_id: str) -> str:
    return quote(arxiv_id, safe="/.")
