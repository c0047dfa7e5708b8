"""``newsletter subscribers``: add, list and remove readers by hand."""

import json

import click

from newsletter.commands.line import prepare
from newsletter.common.cadence import Cadence, Language
from newsletter.common.errors import BadInput, NotFound, Refused
from newsletter.subscribers import subscriptions
from newsletter.subscribers.addresses import parse_address
from newsletter.subscribers.models import Subscriber
from newsletter.web import letters

PAGE = 1000


@click.group("subscribers")
def subscribers_command() -> None:
    """Add, list and remove readers.

    \b
    Example: newsletter subscribers add reader@example.com --weekly
    """


@subscribers_command.command("add", short_help="독자 추가 / add one reader")
@click.argument("email")
@click.option(
    "--daily", "cadences", flag_value="daily", multiple=True, help="The issue of every weekday."
)
@click.option(
    "--weekly", "cadences", flag_value="weekly", multiple=True, help="The issue of every Monday."
)
@click.option(
    "--lang", type=click.Choice([v.value for v in Language]), default=Language.KOREAN.value
)
@click.option(
    "--name", default="", help="Written beside the address, as the recipient; nowhere else."
)
@click.option(
    "--confirmed-by-me",
    is_flag=True,
    help="I hold this reader's consent: begin at once, without a confirmation mail.",
)
def add(email: str, cadences: tuple[str, ...], lang: str, name: str, confirmed_by_me: bool) -> None:
    """Add one reader; they confirm by mail unless you already hold their consent.

    \b
    Example: newsletter subscribers add reader@example.com --daily --weekly --lang ko
    """
    if not cadences:
        raise BadInput(
            "usage.missing",
            "--daily 또는 --weekly가 필요합니다.",
            "Give --daily, --weekly, or both.",
            place="--daily / --weekly",
        )
    prepare()
    address, wanted, language = parse_address(email), map(Cadence, cadences), Language(lang)
    if confirmed_by_me:
        subscriptions.enrol(address, wanted, language, name, "operator")
        click.echo(f"{address.email}: 등록했습니다. / Added.")
        return
    if not letters.sign_up(address, wanted, language, name, "operator"):
        raise Refused(
            "signup.no_mail",
            "발송이 금지되었거나 오늘 이미 확인 메일을 보낸 주소입니다. 보내지 않았습니다.",
            "This address is suppressed, or had its confirmation mail today; nothing was sent.",
            place=address.email,
        )
    click.echo(
        f"{address.email}: 확인 메일을 보냅니다. 메일의 버튼을 눌러야 구독이 시작됩니다. / "
        "A confirmation mail is on its way; the subscription begins once its button is pressed."
    )


@subscribers_command.command("list", short_help="독자 목록 / list every reader")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line.")
def list_(as_json: bool) -> None:
    """List every reader: address, status, language, cadences.

    \b
    Example: newsletter subscribers list --json | head
    """
    prepare()
    readers = Subscriber.objects.order_by("pk").prefetch_related("subscriptions")
    for reader in readers.iterator(chunk_size=PAGE):
        cadences = sorted(one.cadence for one in reader.subscriptions.all())
        row = {
            "email": reader.email,
            "status": str(reader.status),
            "lang": str(reader.language),
            "cadences": cadences,
        }
        text = f"{reader.email}\t{reader.status}\t{reader.language}\t{','.join(cadences) or '-'}"
        click.echo(json.dumps(row, ensure_ascii=False) if as_json else text)


@subscribers_command.command("remove", short_help="해지나 삭제 / unsubscribe or erase")
@click.argument("email")
@click.option("--erase", is_flag=True, help="Delete everything that is kept of the reader.")
def remove(email: str, erase: bool) -> None:
    """End a reader's subscriptions, or erase the reader.

    \b
    Example: newsletter subscribers remove reader@example.com --erase
    """
    prepare()
    reader = Subscriber.objects.filter(email_key=parse_address(email).key).first()
    if reader is None:
        raise NotFound("subscriber.unknown", "등록되지 않은 주소입니다.", "Nobody by this address.")
    if erase:
        subscriptions.erase(reader)
        click.echo("삭제했습니다. / Erased.")
    else:
        subscriptions.leave(reader, "operator")
        click.echo("구독을 해지했습니다. / Unsubscribed.")
