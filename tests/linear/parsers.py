"""Everything that reads what strangers wrote, each as a function of one text."""

import json
from collections.abc import Callable
from datetime import date
from functools import partial
from importlib import import_module
from xml.sax.saxutils import escape as in_xml

from newsletter.collect import digests, feed_entities, feed_html, placeholders, repair, tex
from newsletter.collect.digests import (
    dates,
    detect,
    discourse,
    failures,
    lines,
    links,
    post,
    prose,
    tags,
)
from newsletter.collect.digests.digest import Link, Section
from newsletter.collect.digests.read import read, read_item
from newsletter.common import broken_letters
from newsletter.common.cadence import Cadence, Language
from newsletter.common.dates import parse_date
from newsletter.common.errors import BadInput
from newsletter.common.web_address import is_public
from newsletter.events import arf, dsn, mail_parts, notification, redact, sendgrid
from newsletter.issues import item_check, leftovers, prose_check
from newsletter.issues.content import Credit, IssueContent, ItemContent
from newsletter.issues.known import Background
from newsletter.papers import titles
from newsletter.papers.identity import title_key
from newsletter.render import headings, show, text
from newsletter.render import links as shown_links
from newsletter.render import post as posts
from newsletter.render.folding import Fold
from newsletter.render.markdown import issue_markdown
from newsletter.render.prose import prose_html, prose_text
from newsletter.web import bibtex, searching
from newsletter.web.story import story
from tests.linear.child import CONFINED, confined
from tests.linear.formats import LINES, OPENINGS
from tests.sample_mails import SITE

Parser = Callable[[str], object]


def _format(name: str, told: str) -> object:
    """Read a post in a format in which the text stands wherever the format has a place."""
    places = sum("{}" in line for line in LINES[name])
    share = told[: len(told) // (places + 1)]
    own = [line.replace("{}", share.replace("\n", " ")) for line in LINES[name]]
    return _parsed(name, "\n".join([OPENINGS[name], "", *own, "", share]))


def _marked(name: str, told: str) -> object:
    """Read a post that says its format's own lines again and again."""
    unit = "\n".join(LINES[name]).replace("{}", told[:20].replace("\n", " ")) + "\n"
    return _parsed(name, OPENINGS[name] + "\n\n" + unit * (len(told) // len(unit)))


def _parsed(name: str, told: str) -> object:
    list(detect.readers_of(told))
    parse: Callable[[post.Post], object] = import_module(f"{digests.__name__}.{name}").parse
    return parse(post.of("post.md", lines.split(told)))


def _rss(told: str) -> str:
    inside = in_xml(_printable(told))
    half = inside[: len(inside) // 6]
    return (
        '<rss version="2.0" xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>{half}</title><item><guid>oai:arXiv.org:2601.00001v1</guid>"
        f"<title>{half}</title><link>https://a.example/{half}</link><pubDate>{half}</pubDate>"
        f"<dc:creator>{half}</dc:creator><category>{half}</category>"
        f"<arxiv:announce_type>new</arxiv:announce_type><description>{inside}</description></item></channel></rss>"
    )


def _atom(told: str) -> str:
    inside = in_xml(_printable(told))
    half = inside[: len(inside) // 6]
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom"><entry>'
        f"<id>http://arxiv.org/abs/2601.00001v1</id><title>{half}</title><published>{half}</published>"
        f"<author><name>{half}</name></author><summary>{inside}</summary>"
        f"<arxiv:comment>{half}</arxiv:comment><arxiv:journal_ref>{half}</arxiv:journal_ref></entry></feed>"
    )


def _items(told: str) -> str:
    """Return a feed of very many small entries."""
    inside = in_xml(_printable(told[:40]))
    item = f"<item><guid>{{}}{inside}</guid><title>{inside}</title><description>{inside}</description></item>"
    many = "".join(item.replace("{}", str(n), 1) for n in range(len(told) // len(item)))
    return f'<rss version="2.0"><channel>{many}</channel></rss>'


def _printable(told: str) -> str:
    return "".join(letter for letter in told if letter >= " " or letter in "\t\n\r")


def _ranked(told: str) -> str:
    part = told[: len(told) // 5]
    record = {
        "title": part, "url": f"https://huggingface.co/papers/{part}", "likes": part,
        "institution": part, "abstract": part, "tags": [part],
    }  # fmt: skip
    return json.dumps({"date": "2026-01-09", "papers": [record]}, ensure_ascii=False)


def _hugging_face(told: str) -> str:
    part = told[: len(told) // 7]
    paper = {
        "id": "2601.00001", "title": part, "summary": part, "ai_summary": part,
        "authors": [{"name": part}], "organization": {"fullname": part}, "upvotes": 1,
    }  # fmt: skip
    record = {"paper": paper, "translation_title": part, "translation_summary": part}
    return json.dumps([record], ensure_ascii=False)


def _any_record(told: str) -> str:
    part = told[: len(told) // 8]
    record = {
        "title": part, "url": "https://arxiv.org/abs/2601.00001", "content_html": f"<p>{part}", "authors": part,
        "votes": part, "summaryText": part, part[:50]: part, "pdf_link": part,
    }  # fmt: skip
    return json.dumps({"items": [record]}, ensure_ascii=False)


def _many_records(told: str) -> str:
    one = {"paper": {"id": "2601.00001", "title": told[:30]}}
    return json.dumps([one] * (len(told) // 70), ensure_ascii=False)


def _topic(told: str) -> str:
    first = {"cooked": told, "created_at": told[:1000]}
    return json.dumps({"title": told[:1000], "post_stream": {"posts": [first]}})


def _mail(told: str, head: str) -> object:
    try:
        message = mail_parts.message(head.encode() + told.encode(errors="replace"))
    except mail_parts.TooManyParts as error:
        return error
    return list(dsn.reports(message)), arf.complaint(message), parse_date(str(message["Date"]))


def _bounce(told: str) -> object:
    inside = " ".join(told.split("\n"))
    return _mail(
        "",
        "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"
        f"Reporting-MTA: dns; a\n\nFinal-Recipient: rfc822; {inside[: len(inside) // 2]}\n"
        f"Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; {inside[len(inside) // 2 :]}\n\n--b--\n",
    )


def _item(told: str) -> ItemContent:
    part = told[: len(told) // 6]
    return ItemContent(
        1, part, "2601.00001", part, (part,), part,
        sections=(Section(part[:1000], "ko", part), Section("Abstract", "en", part)),
        links=(Link(part, f"https://a.example/{part}"),),
        credits=(Credit(part, part, part),),
        image=f"https://a.example/{part}.png",
        abstract=part,
    )  # fmt: skip


def _issue(told: str) -> IssueContent:
    day = date(2026, 1, 9)
    return IssueContent(
        Cadence.DAILY, "daily-2026-01-09", "가", "가", "wtp", day, day, (_item(told),),
        intro=(Section("가", "ko", told[: len(told) // 6]),),
    )  # fmt: skip


def _webhook(told: str) -> object:
    try:
        return sendgrid.parse(told.encode(errors="replace"))
    except BadInput as error:
        return error


def _notification(told: str) -> object:
    part = told[: len(told) // 4]
    one = {
        "event": "bounce", "email": "a@b.example", "delivery": "1", "attempt": "0" * 16,
        "timestamp": 1, "sg_event_id": part, "reason": part, "status": part, "type": part,
    }  # fmt: skip
    return _webhook(json.dumps([one]))


def _citation(told: str) -> object:
    half = told[: len(told) // 2]
    return bibtex.bibtex(bibtex.Citation(half, (half,), 2026, "2601.00001"))


def _dates(told: str) -> object:
    readers = (
        dates.day,
        dates.month,
        dates.week,
        dates.iso_week,
        dates.instant,
        dates.instant_in_name,
    )
    return [reader(told) for reader in readers]


def _section(told: str) -> Section:
    return Section(told[:200], "ko", told)


PARSERS: dict[str, Parser] = {
    "any bytes as a post": lambda told: read(told.encode(), "post.md"),
    "any bytes as JSON": lambda told: read(told.encode(), "post.json"),
    "a page as a post": lambda told: read(f'<article><h1>a</h1><div itemprop="text">{told}'.encode(), "a.html"),
    **{f"the format {name}": partial(_format, name) for name in OPENINGS},
    **{f"lines of the format {name}": partial(_marked, name) for name in OPENINGS},
    "records of a ranking": lambda told: read(_ranked(told).encode(), "a.json"),
    "records in Korean": lambda told: read(_hugging_face(told).encode(), "a.json"),
    "records of anybody": lambda told: read(_any_record(told).encode(), "a.json"),
    "an item of a feed": lambda told: read_item(f'<article><h1><a href="https://arxiv.org/abs/2601.00001">a</a></h1>{told}'.encode(), "a"),
    "very many records": lambda told: read(_many_records(told).encode(), "a.json"),
    "a topic as a post": lambda told: read(_topic(told).encode(), "a.json"),
    "pages of a forum": discourse.lines,
    "days of a page": tags.published,
    "whether it is HTML": discourse.is_html,
    **{f"the child: {name}": partial(confined, name) for name in CONFINED},
    "a feed": lambda told: confined("collect.sources.feed.read", _rss(told)),
    "a feed of Atom": lambda told: confined("collect.sources.feed.read", _atom(told)),
    "a feed of many entries": lambda told: confined("collect.sources.feed.read", _items(told)),
    "a category of a forum": lambda told: confined("collect.sources.discourse.category", _rss(told)),
    "a topic of a forum": lambda told: confined("collect.sources.discourse.read_topic", _topic(told)),
    "a page of a forum": lambda told: confined("collect.sources.discourse.read_page", told),
    "a paper of arXiv": lambda told: confined("collect.sources.arxiv.read", _atom(told)),
    "an announcement": lambda told: confined("collect.sources.arxiv_announce.read", _rss(told)),
    "a list of Hugging Face": lambda told: confined("collect.sources.huggingface.read_list", _hugging_face(told)),
    "HTML of a feed": lambda told: feed_html.clean_html(told, "https://a.example/"),
    "titles of a feed": feed_html.clean_title,
    "repair of a line": repair.line,
    "text of TeX": tex.plain,
    "addresses that nobody gives": lambda told: placeholders.without(f"this https URL {told} this http URL"),
    "references of XML": lambda told: feed_entities.mended(f"<item>{told}"),
    "shortcodes": repair.shortcodes,
    "running text": lambda told: prose.sections("a", prose.reduce(told.split("\n"))),
    "wrapped text": prose.unwrapped,
    "names of authors": prose.names,
    "Python values": prose.python_value,
    "error sentences": failures.told_apart,
    "days": _dates,
    "dates of mails": parse_date,
    "addresses of the web": is_public,
    "links of digests": lambda told: links.link(told, told),
    "heads of mails": lambda told: _mail(told, ""),
    "a field of a mail": lambda told: _mail(told, "To: "),
    "a date of a mail": lambda told: _mail(told, "Date: "),
    "a kind of a mail": lambda told: _mail(told, "Content-Type: multipart/report; boundary="),
    "parts of a mail": lambda told: _mail(told, "Content-Type: multipart/report; boundary=b\n\n--b\n"),
    "mails in a mail": lambda told: _mail(told, "Content-Type: message/rfc822\n\n"),
    "fields of a report": lambda told: _mail(told, "Content-Type: message/delivery-status\n\n"),
    "a bounce": _bounce,
    "a mail of the mailbox": lambda told: notification.read(told.encode(errors="replace")),
    "words of a provider": redact.without_addresses,
    "notifications": _webhook,
    "one notification": _notification,
    "text of a mail": lambda told: (text.clean(told), text.one_line(told, 300), text.tidy(told)),
    "wrapping": text.wrap,
    "first sentences": lambda told: text.first_sentences(told, 300),
    "prose as HTML": prose_html,
    "prose as text": prose_text,
    "headings": lambda told: (headings.meaning(told), headings.labelled(told, "ko"), headings.plain(told)),
    "text of a post": lambda told: (posts.literal(told), posts.indented(told, 2), posts.labelled(told, 2)),
    "addresses of a mail": lambda told: (shown_links.absolute(told), shown_links.is_code(told), shown_links.is_picture(told)),
    "a paper in a mail": lambda told: [show.paper_view(_item(told), fold, Language.BOTH, "https://a.example/") for fold in Fold],
    "an issue as a post": lambda told: issue_markdown(_issue(told), Language.BOTH, SITE),
    "the gate": lambda told: list(item_check.check_item(_item(told), Background())),
    "a section at the gate": lambda told: list(prose_check.check_section(_section(told), "")),
    "numbers of a text": lambda told: prose_check.unknown_numbers(told, told[::-1]),
    "leftovers": lambda told: (leftovers.left_over(told), broken_letters.is_broken(told)),
    "a citation": _citation,
    "what is searched": lambda told: searching.searchable(_issue(told)),
    "folded words": searching.fold,
    "an excerpt": lambda told: searching.excerpt(told, ("모델", "a")),
    "a paper on the web": lambda told: story(_item(told), Language.BOTH),
    "keys of titles": title_key,
    "what is a title": lambda told: (titles.is_title(told), titles.are_two_papers(told, told[::-1])),
    "titles that agree": lambda told: titles.agreed([titles.Told(1, told), titles.Told(2, f"{told}…")]),
}  # fmt: skip
