"""Bounces and complaints as mail servers write them, made up by us after RFC 3464 and RFC 5965."""

from email.utils import format_datetime

from newsletter.common import clock

DSN = """\
Return-Path: <>
Delivered-To: {to}
From: MAILER-DAEMON@mx.example.com
To: {to}
Subject: Undelivered Mail Returned to Sender
Date: {date}
Message-ID: <{number}.bounce@mx.example.com>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="cut"

--cut
Content-Type: text/plain; charset=utf-8

메일을 전달하지 못했습니다.

--cut
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com
Arrival-Date: {date}

{original}Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Remote-MTA: dns; mx.reader.example
Diagnostic-Code: {diagnostic}

--cut
Content-Type: {returned_as}

Return-Path: <news@news.example.com>
Message-ID: <{message_id}>
Subject: =?utf-8?b?7J2067KIIOyjvA==?=
To: {recipient}

--cut--
"""

ARF = """\
From: <feedback@provider.example>
Date: {date}
Subject: FW: Weekly
To: {to}
Message-ID: <{number}.complaint@provider.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="cut"

--cut
Content-Type: text/plain

This is an email abuse report.

--cut
Content-Type: message/feedback-report

Feedback-Type: {feedback}
User-Agent: Feedback/1.0
Version: 1
{told}
--cut
Content-Type: message/rfc822

Message-ID: <{message_id}>
From: <news@news.example.com>
Subject: Weekly

The letter.
--cut--
"""


def a_dsn(
    recipient: str = "bora@example.com",
    *,
    to: str = "news@news.example.com",
    action: str = "failed",
    status: str = "5.1.1",
    diagnostic: str = "smtp; 550 5.1.1 <bora@example.com>: Recipient address rejected",
    message_id: str = "nothing@elsewhere.example",
    original: str = "",
    returned_as: str = "message/rfc822",
    number: int = 1,
) -> bytes:
    told = DSN.format(
        recipient=recipient,
        to=to,
        action=action,
        status=status,
        diagnostic=diagnostic,
        message_id=message_id,
        original=f"Original-Recipient: rfc822;{original}\n" if original else "",
        returned_as=returned_as,
        number=number,
        date=format_datetime(clock.now()),
    )
    return told.encode().replace(b"\n", b"\r\n")


def a_complaint(
    *,
    to: str = "abuse@news.example.com",
    feedback: str = "abuse",
    told: str = "",
    message_id: str = "nothing@elsewhere.example",
    number: int = 1,
) -> bytes:
    date = format_datetime(clock.now())
    text = ARF.format(
        to=to, feedback=feedback, told=told, message_id=message_id, number=number, date=date
    )
    return text.encode().replace(b"\n", b"\r\n")


NO_BOUNCE = b"From: bora@example.com\r\nSubject: \xeb\xb6\x80\xec\x9e\xac\xec\xa4\x91\r\n\r\nback on Monday\r\n"
