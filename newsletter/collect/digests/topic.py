"""The JSON of a forum topic (``/t/ID.json``), or of one post of it, as the page of its first post."""

import json
from html import escape
from typing import Any


def page(text: str) -> str:
    """Return the first post as HTML with title and date; empty for what is no topic."""
    if '"cooked"' not in text:
        return ""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    post = _first_post(value) if isinstance(value, dict) else {}
    cooked = post.get("cooked")
    if not isinstance(cooked, str):
        return ""
    title = str(value.get("title") or post.get("topic_title") or "")
    made = str(post.get("created_at") or value.get("created_at") or "")
    moment = f'<time datetime="{escape(made)}"></time>' if made else ""
    return f"<article>\n<h1>{escape(title)}</h1>\n{moment}\n{cooked}\n</article>"


def _first_post(value: dict[str, Any]) -> dict[str, Any]:
    stream = value.get("post_stream")
    posts = stream.get("posts") if isinstance(stream, dict) else None
    if isinstance(posts, list) and posts and isinstance(posts[0], dict):
        return posts[0]
    return value
