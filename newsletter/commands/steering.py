"""``newsletter pause``, ``resume``, ``cancel``, ``recall``, ``retry`` and ``decide``: a person at the wheel."""

import click

from newsletter.commands.line import prepare
from newsletter.common.errors import BadInput, Refused
from newsletter.delivery import deciding, recalls, sending
from newsletter.issues import editing
from newsletter.tasks import deliver

_by = click.option("--by", default="command line", help="Who says so; kept in the log.")


@click.command("pause")
@click.argument("issue")
@_by
def pause_command(issue: str, by: str) -> None:
    """Stop handing letters over; what is on its way at this moment is finished.

    \b
    Example: newsletter pause 2026-01-05-weekly
    """
    prepare()
    found = editing.find(issue)
    sending.pause(found.pk, f"by {by}")
    click.echo(f"{found.slug}: 멈췄습니다. / paused.")


@click.command("resume")
@click.argument("issue")
@_by
def resume_command(issue: str, by: str) -> None:
    """Go on with a paused issue.

    \b
    Example: newsletter resume 2026-01-05-weekly
    """
    prepare()
    found = editing.find(issue)
    sending.resume(found.pk, by)
    deliver.publish_issue(found.pk)
    click.echo(f"{found.slug}: 다시 보냅니다. / resumed.")


@click.command("cancel")
@click.argument("issue")
@click.option("--confirm", is_flag=True, help="Yes, whoever got no letter yet will get none.")
@_by
def cancel_command(issue: str, confirm: bool, by: str) -> None:
    """Stop sending an issue for good.

    \b
    Example: newsletter cancel 2026-01-05-weekly --confirm
    """
    prepare()
    found = editing.find(issue)
    if not confirm:
        raise Refused(
            "confirm.required",
            "발송을 아주 그만두려면 --confirm을 붙여 주세요.",
            "Add --confirm to stop sending for good.",
            place=found.slug,
        )
    sending.cancel(found.pk, by)
    click.echo(f"{found.slug}: 취소했습니다. / cancelled.")


@click.command("recall")
@click.argument("issue")
@click.option("--confirm", is_flag=True, help="Yes, nobody is to get this issue.")
@_by
def recall_command(issue: str, confirm: bool, by: str) -> None:
    """Call an issue back that SendGrid has taken and still holds; see SENDGRID_RECALL_MINUTES.

    \b
    Example: newsletter recall 2026-01-05-weekly --confirm
    """
    prepare()
    found = editing.find(issue)
    if not confirm:
        raise Refused(
            "confirm.required",
            "발송한 호를 되부르려면 --confirm을 붙여 주세요.",
            "Add --confirm to call the issue back.",
            place=found.slug,
        )
    recalls.call_back(found, by)
    click.echo(
        f"{found.slug}: 되부르고 있습니다. 결과는 newsletter status로 볼 수 있습니다. / "
        "being called back; newsletter status shows what came of it."
    )


@click.command("retry")
@click.argument("issue")
@_by
def retry_command(issue: str, by: str) -> None:
    """Try the rejected letters of an issue once more.

    \b
    Example: newsletter retry 2026-01-05-weekly
    """
    prepare()
    found = editing.find(issue)
    number = deciding.retry_rejected(found.pk, by)
    deliver.publish_issue(found.pk)
    click.echo(f"{found.slug}: {number}통을 다시 보냅니다. / {number} letters are tried again.")


@click.command("decide")
@click.argument("issue")
@click.option("--retry", is_flag=True, help="Send them again; some may arrive twice.")
@click.option("--leave", is_flag=True, help="Count them as not sent.")
@_by
def decide_command(issue: str, by: str, *, retry: bool, leave: bool) -> None:
    """Decide about the uncertain letters of an issue.

    \b
    Example: newsletter decide 2026-01-05-weekly --leave --by 지은
    """
    if retry == leave:
        raise BadInput(
            "usage.missing",
            "--retry와 --leave 가운데 하나만 필요합니다.",
            "Give either --retry or --leave.",
            place="--retry / --leave",
        )
    prepare()
    found = editing.find(issue)
    if retry:
        number = deciding.retry(found.pk, by)
        deliver.publish_issue(found.pk)
    else:
        number = deciding.leave(found.pk, by)
    click.echo(f"{found.slug}: {number}통을 결정했습니다. / {number} letters decided.")
