"""Whether some bytes begin a page of the web, told without a pattern. Pure.

Each byte is looked at once: a pattern over comments, white space and tags takes a time that
doubles with every comment.
"""

_STARTS = 2_000
_SPACE = b" \t\n\r\f\v"
_DOCTYPE = b"!doctype"
_TAGS = (b"html", b"head", b"body")


def page_tag(body: bytes) -> str:
    """Return the tag by which the head of ``body`` is known for a page, else nothing.

    Comments and white space may stand before it, and ``<!doctype``.
    """
    head = body[:_STARTS]
    at = _after_comments(head)
    if at is None or head[at : at + 1] != b"<":
        return ""
    word = head[at + 1 :].lower()
    if word.startswith(_DOCTYPE):
        rest = word[len(_DOCTYPE) :]
        word = rest.lstrip() if rest[:1] in _SPACE else b""
    return next((tag.decode() for tag in _TAGS if _is_word(word, tag)), "")


def _after_comments(head: bytes) -> int | None:
    """Return where the first byte stands that is neither space nor comment."""
    at = _after_space(head, 0)
    while head.startswith(b"<!--", at):
        end = head.find(b"-->", at + 4)
        if end < 0:
            return None
        at = _after_space(head, end + 3)
    return at


def _after_space(head: bytes, at: int) -> int:
    while at < len(head) and head[at] in _SPACE:
        at += 1
    return at


def _is_word(word: bytes, tag: bytes) -> bool:
    following = word[len(tag) : len(tag) + 1]
    return word.startswith(tag) and not (following.isalnum() or following == b"_")
