"""What an editor says of papers that were read by guess. Only what issues may take changes, never a row's text."""

from newsletter.common.errors import BadInput
from newsletter.papers.models import Summary, Verdict


def judge(summary: Summary, verdict: str) -> None:
    """Keep a verdict; an empty one takes it back.

    Raises :class:`BadInput` (``summary.verdict``) for another word.
    """
    if verdict and verdict not in set(Verdict):
        raise BadInput(
            "summary.verdict",
            "알 수 없는 판정입니다.",
            "There is no such verdict.",
            place=verdict[:20],
        )
    summary.verdict = verdict
    summary.save(update_fields=["verdict"])
