"""From an issue to the letter that its readers of one variant get."""

from django.conf import settings

from newsletter.common.cadence import Length, Variant
from newsletter.delivery.backends.base import Letter
from newsletter.issues.content import IssueContent
from newsletter.render.compile import compile_issue
from newsletter.render.mail import CompiledMail, Site


def site() -> Site:
    """Return what every mail says of this publication, from the settings alone."""
    return Site(
        name=settings.PUBLICATION_NAME,
        base_url=settings.BASE_URL,
        mail_from=settings.MAIL_FROM,
        postal_address=settings.PUBLICATION_ADDRESS,
    )


def issue_letter(content: IssueContent, variant: Variant) -> Letter:
    """Compile one variant of an issue into the letter that all its readers share."""
    if variant.length is Length.FULL:
        content = content.in_full()
    return bulk_letter(compile_issue(content, variant.language, site()))


def bulk_letter(mail: CompiledMail, subject_prefix: str = "") -> Letter:
    """Address a compiled issue as the newsletter's own mail, with the way out in its headers."""
    return Letter(
        mail=mail,
        mail_from=settings.MAIL_FROM,
        from_name=settings.PUBLICATION_NAME,
        reply_to=settings.MAIL_REPLY_TO,
        base_url=settings.BASE_URL,
        list_id=f"newsletter.{settings.PUBLICATION_DOMAIN}",
        subject_prefix=subject_prefix,
    )


def notice_letter(mail: CompiledMail) -> Letter:
    """Address a notice: automatic mail to one person, which belongs to no list."""
    return Letter(
        mail=mail,
        mail_from=settings.MAIL_FROM,
        from_name=settings.PUBLICATION_NAME,
        reply_to=settings.MAIL_REPLY_TO,
        base_url=settings.BASE_URL,
        bulk=False,
    )
