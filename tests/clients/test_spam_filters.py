"""What a spam filter makes of every mail, with its own rules and nobody's help."""

from tests.clients.programs import spam_scores
from tests.clients.wire import all_on_the_wire

MOST = 2.0
# The word that every filter takes for spam, so that it can be seen to work.
PLANTED = (
    b"From: a@example.com\r\nTo: b@example.com\r\nSubject: hello\r\n\r\n"
    b"XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X\r\n"
)


def test_no_mail_looks_like_spam_or_lacks_what_a_mail_has(tmp_path):
    """In one test, because one process reads all the mails."""
    scores = spam_scores({**all_on_the_wire(), "planted": PLANTED}, tmp_path)
    assert scores.pop("planted")[0] > 100, "the filter sleeps"
    high = {name: (score, rules) for name, (score, rules) in scores.items() if score > MOST}
    assert high == {}
    lacking = {
        (name, rule)
        for name, (_, rules) in scores.items()
        for rule in rules
        if rule.startswith(("MISSING_", "MIME_", "INVALID_", "HTML_FONT_LOW_CONTRAST"))
    }
    assert lacking == set()
