"""On what terms the texts of a source may be used: said by somebody, and kept with name and day.

Nothing else gives a source its terms: no format, no namesake, no silence. Until somebody
has said them, its texts are linked and not mailed. What is frozen stays as it is.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from newsletter.collect import licences
from newsletter.collect.licences import Answer, Writer
from newsletter.collect.models import Source
from newsletter.common import clock
from newsletter.common.errors import BadInput
from newsletter.common.findings import Finding
from newsletter.common.typed import one_line

COMMAND_LINE = "command line"
# What ``apply`` fills.
FIELDS = (
    "name", "credit", "licence", "may_be_mailed", "written_by", "derived_from",
    "confirmed_at", "confirmed_by",
)  # fmt: skip
# What fits; more is refused, for what was cut off could be the word that forbids.
LONGEST = {"name": 200, "credit": 300, "licence": 100}
# A chain of digests that tell each other again is never this long.
_LONGEST_CHAIN = 10


@dataclass(frozen=True, slots=True)
class Terms:
    """What somebody says of a source; what is ``None`` stays as it is known."""

    name: str | None = None
    credit: str | None = None
    licence: str | None = None
    may_be_mailed: bool | None = None
    """Whether there is leave; ``None`` leaves what was said before, else the licence decides."""
    by_licence: bool = False
    """The licence decides, whatever was said before."""
    written_by: str | None = None
    derived_from: str | None = None
    """The slug of the source whose list it tells again; empty for nobody's."""


def registered(slug: str) -> Source:
    """Return the source of this slug; raise :class:`BadInput` (``source.unknown``) if there is none."""
    source = Source.objects.filter(slug=slug).first()
    if source is None:
        raise BadInput(
            "source.unknown",
            "등록되지 않은 소스입니다. newsletter sources list에 있는 이름을 적어 주세요.",
            "No such source is registered; newsletter sources list shows their names.",
            place=slug[:60],
        )
    return source


@transaction.atomic
def confirm(source: Source, terms: Terms, actor: str) -> Source:
    """Write down what ``actor`` says of ``source``; drafts follow at once.

    The source stays unconfirmed where its licence is unknown and nothing was said of mailing.
    """
    row = Source.objects.select_for_update().get(pk=source.pk)
    apply(row, terms, actor, clock.now())
    row.save(update_fields=FIELDS)
    return row


def apply(source: Source, terms: Terms, actor: str, now: datetime) -> None:
    """Fill the fields of ``source`` with what ``actor`` says, without saving it.

    Raises :class:`BadInput` for what cannot be kept as it was said; nothing is cut.
    """
    terms = _in_one_line(terms)
    same_licence = terms.licence is None or terms.licence == source.licence
    stands = source.is_confirmed and same_licence and not terms.by_licence
    if terms.derived_from is not None:
        apply_origin(source, terms.derived_from)
    source.name = terms.name or source.name
    if terms.credit is not None:
        source.credit = terms.credit
    if terms.licence is not None:
        source.licence = terms.licence
    if terms.written_by is not None:
        source.written_by = Writer(terms.written_by)
    _judge(source, terms.may_be_mailed, actor, now, stands=stands)


def _in_one_line(terms: Terms) -> Terms:
    """Return the terms as they are kept; refuse an empty name, a placeholder, and what is too long."""
    name, credit, licence = (
        said if said is None else one_line(said)
        for said in (terms.name, terms.credit, terms.licence)
    )
    if name == "":
        raise BadInput(
            "source.name_empty", "이름이 비어 있습니다.", "The name is empty.", place="name"
        )
    for place, said in (("name", name), ("credit", credit), ("licence", licence)):
        _check(place, said or "")
    return replace(terms, name=name, credit=credit, licence=licence)


def _check(place: str, said: str) -> None:
    longest = LONGEST[place]
    if len(said) > longest:
        raise BadInput(
            f"source.{place}_length",
            f"{longest}자까지 쓸 수 있습니다. 줄여서 적어 주세요.",
            f"This holds up to {longest} characters; please say it in fewer.",
            place=place,
        )
    if said and not said.strip(" .…"):
        raise BadInput(
            "source.placeholder",
            "‘…’ 자리에 아는 내용을 적어 주세요.",
            "Please write what you know in the place of the “…”.",
            place=place,
        )


def apply_origin(source: Source, slug: str) -> None:
    """Say whose list ``source`` tells again, without saving it; an empty slug is nobody's."""
    source.derived_from = _origin(source, one_line(slug))


def _judge(source: Source, leave: bool | None, actor: str, now: datetime, *, stands: bool) -> None:
    """Decide whether its texts are mailed, and whether that was said. ``stands``: it was before."""
    said = licences.answer(source.licence)
    if leave is not None:
        source.may_be_mailed = leave
    elif not stands:
        source.may_be_mailed = said is Answer.ALLOWS
    if leave is not None or stands or said is not Answer.UNKNOWN:
        source.confirmed_at, source.confirmed_by = now, one_line(actor)[:150]
    else:
        source.confirmed_at, source.confirmed_by = None, ""


def _origin(source: Source, slug: str) -> Source | None:
    """Return the source whose list it tells again; refuse itself, whoever tells it, and nobody."""
    if not slug:
        return None
    origin = registered(slug)
    if source.slug in _slugs_from(origin):
        raise BadInput(
            "source.own_origin",
            "소스는 자기 자신이나 자신을 옮긴 소스에서 나올 수 없습니다.",
            "A source cannot be derived from itself, or from one that is derived from it.",
            place=slug[:60],
        )
    return origin


def _slugs_from(origin: Source) -> set[str]:
    """Return the slugs of ``origin`` and of all that it is derived from itself."""
    slugs: set[str] = set()
    step: Source | None = origin
    while step is not None and step.slug not in slugs and len(slugs) < _LONGEST_CHAIN:
        slugs.add(step.slug)
        step = step.derived_from
    return slugs


def not_confirmed(source: Source) -> Finding:
    """Return what is to be said of a source whose terms nobody has told, with the command for it."""
    # Without words to be filled in: whatever is printed here is pasted as it stands.
    command = f"newsletter sources confirm {source.slug} --help"
    return Finding(
        "source.not_confirmed",
        f"누가 어떤 조건으로 쓴 글인지 몰라 글은 싣지 않고 링크만 합니다. 아시면 --name, --credit, --licence로 알려 주세요: {command}",
        "Nobody has said who wrote these texts and on what terms, so they are linked and not "
        f"mailed. Whoever knows says it with --name, --credit and --licence: {command}",
        place=source.slug,
    )
