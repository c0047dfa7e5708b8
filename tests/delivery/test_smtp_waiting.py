"""Who waits when an SMTP server refuses for now or hangs up: one letter, or everybody."""

import pytest

from newsletter.delivery.backends.base import (
    AmbiguousSendError,
    ConnectionBroke,
    SendReceipt,
    Throttled,
    TransientSendError,
    Unavailable,
)
from tests.delivery.smtp_servers import Cut, Script
from tests.delivery.test_smtp_trouble import kinds, through


@pytest.fixture(params=[True, False], ids=["pipelined", "one by one"])
def pipelining(request):
    return request.param


class Always(Script):
    """Gives one answer to one step of every letter; ``None`` hangs up instead."""

    def __init__(self, step, answer, **options):
        super().__init__(**options)
        self.always = (step, answer)

    def say(self, client, step, usual):
        if step == self.always[0]:
            self.answers[(step, self.letter)] = self.always[1]
        return super().say(client, step, usual)


WAYS = {
    "one by one": {"pipelining": False},
    "pipelined": {},
    "chunked": {"features": ("CHUNKING",)},
}


@pytest.fixture(params=WAYS)
def features(request):
    return WAYS[request.param]


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("mail", "450 4.7.1 Error: too much mail from 192.0.2.1"),
        ("mail", "452 4.3.1 Insufficient system storage"),
        ("rcpt", "454 4.7.0 Temporary failure"),
        ("rcpt", "450 4.7.28 unusual rate of mail"),
        ("end", "454 Throttling failure: Maximum sending rate exceeded."),
        ("end", "451 4.7.650 rate limited due to IP reputation"),
        ("end", "452 4.3.1 Insufficient system resources"),
        ("end", "452 no space"),
    ],
)
def test_an_answer_that_is_meant_for_all_makes_all_wait(features, step, answer):
    script = Always(step, answer, **features)
    results = through(script, count=40)
    assert kinds(results) == [Throttled] * 40
    assert all(error.reason.startswith(step) for error in results.values())
    offered = [command for command in script.commands if command.startswith("MAIL")]
    assert len(offered) <= 17, "one, and what was on its way already"


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("rcpt", "450 4.2.0 Greylisted, see http://postgrey.example"),
        ("rcpt", "450 4.2.1 receiving mail at a rate that"),
        ("rcpt", "452 4.2.2 mailbox full"),
        ("rcpt", "452 too many recipients"),
        ("rcpt", "451 4.4.1 no route"),
        ("end", "451 4.7.1 Try again later"),
        ("end", "451 4.3.0 filter"),
        ("end", "450 try again"),
    ],
)
def test_an_answer_that_is_meant_for_one_reader_makes_that_letter_wait(features, step, answer):
    results = through(Script({(step, 2): answer}, **features))
    assert kinds(results) == [SendReceipt, TransientSendError, *[SendReceipt] * 3]


@pytest.mark.parametrize("step", ["mail", "rcpt", "end"])
def test_a_server_that_says_421_to_everything_makes_all_wait(pipelining, step):
    script = Always(step, "421 4.7.28 rate limit", pipelining=pipelining)
    results = through(script, count=40)
    assert kinds(results) == [Throttled] * 40
    assert {error.reason for error in results.values()} == {"421 4.7.28"}
    assert script.connections == 3


@pytest.mark.parametrize("step", ["mail", "rcpt"])
def test_a_server_that_hangs_up_on_everything_is_left_alone_after_a_few_connections(features, step):
    script = Always(step, None, **features)
    results = through(script, count=250, connections=4)
    kinds_told = {type(result) for result in results.values()}
    assert kinds_told <= {Unavailable, AmbiguousSendError}
    assert kinds(results).count(Unavailable) >= 250 - 7 * 16
    assert script.connections <= 8


def test_a_server_that_never_answers_a_whole_letter_leaves_few_in_doubt(pipelining):
    script = Always("end", None, pipelining=pipelining)
    results = through(script, count=50)
    assert kinds(results).count(AmbiguousSendError) == 3
    assert kinds(results).count(Unavailable) == 47


def test_a_letter_at_which_every_connection_breaks_does_not_keep_the_others(pipelining):
    class Allergic(Script):
        def talk(self, client, lines):
            super().talk(client, self.until_the_second_reader(lines))

        @staticmethod
        def until_the_second_reader(lines):
            class Lines:
                def __iter__(self):
                    return self

                def __next__(self):
                    line = next(lines)
                    if b"RCPT TO:<reader2@" in line:
                        raise Cut
                    return line

            return Lines()

    results = through(Allergic(pipelining=pipelining), count=30)
    assert isinstance(results.pop(2), ConnectionBroke)
    assert kinds(results) == [SendReceipt] * 29


def test_connections_that_break_at_one_letter_alone_do_not_blame_the_server(pipelining):
    results = through(Always("rcpt", None, pipelining=pipelining), count=1)
    assert kinds(results) == [ConnectionBroke]


def test_connections_that_break_now_and_then_stop_nothing(pipelining):
    cut = dict.fromkeys([("rcpt", number) for number in (1, 3, 4, 6, 7, 9, 10, 12, 13)])
    script = Script(cut, pipelining=pipelining)
    assert kinds(through(script, count=40)) == [SendReceipt] * 40
    assert len(script.accepted) == 40
