"""The form at the desk in which somebody says whose texts they are, and on what terms."""

from collections.abc import Mapping

from django.http import QueryDict
from django.utils.translation import gettext as _

from newsletter.collect import licences, terms
from newsletter.collect.licences import Writer
from newsletter.collect.models import Source
from newsletter.collect.terms import Terms
from newsletter.editor import forms

_FIELDS = ("name", "credit", "licence", "mail", "written_by", "derived_from")


def known(source: Source) -> Mapping[str, str]:
    """Return what the form shows of a source: what is known of it."""
    return {
        "name": source.name,
        "credit": source.credit,
        "licence": source.licence,
        "mail": _mail(source),
        "written_by": source.written_by,
        "derived_from": source.derived_from.slug if source.derived_from else "",
    }


def typed(data: QueryDict) -> Mapping[str, str]:
    """Return what the form shows again of what was typed."""
    return {name: forms.line(data, name) for name in _FIELDS}


def confirm(source: Source, data: QueryDict, actor: str) -> str:
    """Write down what was typed, in the name of ``actor``; return what became of it."""
    mail = {"yes": True, "no": False}.get(data.get("mail", ""))
    said = Terms(
        name=forms.line(data, "name"),
        credit=forms.line(data, "credit"),
        licence=forms.line(data, "licence"),
        may_be_mailed=mail,
        by_licence=mail is None,
        written_by=forms.one_of(data, "written_by", Writer.UNKNOWN),
        derived_from=forms.line(data, "derived_from"),
    )
    return _outcome(terms.confirm(source, said, actor))


def _mail(source: Source) -> str:
    """Return which choice was made: leave, links alone, or whatever the licence says."""
    if source.may_be_mailed:
        return "" if licences.allows_mailing(source.licence) else "yes"
    return "no" if source.is_confirmed and not licences.forbids_mailing(source.licence) else ""


def _outcome(source: Source) -> str:
    name = {"name": source.name}
    if not source.is_confirmed:
        return (
            _(
                "Saved, but not confirmed: give a licence that is known here, or choose whether its"
                " texts are mailed: %(name)s"
            )
            % name
        )
    if not source.may_be_mailed:
        return _("Confirmed. Its texts are linked and never mailed: %(name)s") % name
    if licences.forbids_mailing(source.licence):
        return _("Confirmed. Its texts are mailed although its licence forbids it: %(name)s") % name
    return _("Confirmed. Its texts are mailed: %(name)s") % name
