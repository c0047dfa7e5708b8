"""What an editor does: every deed is one POST, and ends on the page it came from with one sentence."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from newsletter.common.errors import BadInput, NewsletterError
from newsletter.delivery import notices, preflight
from newsletter.editor import forms
from newsletter.editor.desk import find
from newsletter.issues import assemble, editing, outside
from newsletter.issues.models import Issue, IssueItem
from newsletter.web.language import sentence

Deed = Callable[[], str]


def do(request: HttpRequest, issue: Issue, deed: Deed, page: str = "editor:issue") -> HttpResponse:
    """Do ``deed``, tell how it went, and go to ``page`` of the issue."""
    try:
        messages.success(request, deed())
    except NewsletterError as error:
        messages.error(request, sentence(error))
    return redirect(page, issue.slug)


def actor(request: HttpRequest) -> str:
    """Return the name that the record keeps of who did it."""
    if not isinstance(request.user, User):
        raise TypeError("the desk is behind a login")
    return request.user.get_username()


@require_POST
def approve(request: HttpRequest, slug: str) -> HttpResponse:
    """Let the issue leave, if the gate is open."""
    issue = find(slug)

    def deed() -> str:
        preflight.approve(
            issue,
            actor(request),
            read="read" in request.POST,
            reason=request.POST.get("reason", ""),
        )
        return _("Approved. It can be sent now.")

    return do(request, issue, deed)


@require_POST
def withdraw_approval(request: HttpRequest, slug: str) -> HttpResponse:
    """Make the issue a draft again."""
    issue = find(slug)

    def deed() -> str:
        editing.withdraw_approval(issue, actor(request))
        return _("It is a draft again and can be changed.")

    return do(request, issue, deed)


@require_POST
def refresh(request: HttpRequest, slug: str) -> HttpResponse:
    """Let a draft take in what came late."""
    issue = find(slug)

    def deed() -> str:
        done = assemble.refresh(issue)
        if not (done.added or done.removed):
            return _("No paper came and none went; texts and votes are up to date.")
        return _("%(added)s papers came, %(removed)s went.") % {
            "added": done.added,
            "removed": done.removed,
        }

    return do(request, issue, deed)


@require_POST
def take_in(request: HttpRequest, slug: str) -> HttpResponse:
    """Put one candidate, or several, into a draft."""
    issue = find(slug)

    def deed() -> str:
        number = outside.take_in(issue, request.POST.getlist("paper"))
        return ngettext("%(num)s paper was taken in.", "%(num)s papers were taken in.", number) % {
            "num": number
        }

    return do(request, issue, deed)


@require_POST
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Set the subject and the style: both, or neither."""
    issue = find(slug)

    @transaction.atomic
    def deed() -> str:
        editing.set_subject(issue, request.POST.get("subject", ""))
        editing.set_style(issue, request.POST.get("style", ""))
        return _("Saved.")

    return do(request, issue, deed)


@require_POST
def change_intro(request: HttpRequest, slug: str) -> HttpResponse:
    """Correct the texts of the introduction."""
    issue = find(slug)

    def deed() -> str:
        editing.set_intro(issue, request.POST.getlist("intro"))
        return _("Saved.")

    return do(request, issue, deed)


@require_POST
def change_item(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Pin, hide or move one paper, choose which digest speaks for it, or correct its title."""
    issue = find(slug)
    item = get_object_or_404(
        IssueItem.objects.select_related("issue", "paper"), pk=number, issue=issue
    )
    response = do(request, issue, lambda: _change_item(item, request))
    response.headers["Location"] += f"#item-{item.pk}"
    return response


@require_POST
def preview_send(request: HttpRequest, slug: str) -> HttpResponse:
    """Mail the issue as it stands to a few addresses; no reader and no number changes."""
    issue = find(slug)
    # Whatever is wrong with them, they need not be typed again.
    request.session[forms.TYPED] = request.POST.get("addresses", "")[: forms.LONGEST]

    def deed() -> str:
        addresses = forms.preview_addresses(request.POST)
        notices.preview_of(issue, addresses, forms.mail_language(request.POST))
        return _("The preview is on its way to %(addresses)s.") % {
            "addresses": ", ".join(addresses)
        }

    return do(request, issue, deed)


def _change_item(item: IssueItem, request: HttpRequest) -> str:
    deed = request.POST.get("deed", "")
    if deed in {"pin", "unpin"}:
        editing.set_pinned(item, deed == "pin")
    elif deed in {"hide", "show"}:
        editing.set_hidden(item, deed == "hide")
    elif deed == "move":
        editing.move(item, forms.position(request.POST))
    elif deed == "speak":
        editing.set_speaker(item, request.POST.get("speaker", ""))
    elif deed == "title":
        editing.set_title_ko(item, request.POST.get("title_ko", ""))
    else:
        raise BadInput("item.deed", "알 수 없는 동작입니다.", "There is no such action.")
    return _("Saved.")
