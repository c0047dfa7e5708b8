"""Settings that are right for a trial and wrong for readers."""

from collections.abc import Iterator, Sequence

from django.conf import settings

from newsletter.commands.checkup.diagnosis import Diagnosis, Level
from newsletter.common import public_site
from newsletter.common.public_site import Reach
from newsletter.web import proxies


def configuration() -> Iterator[Diagnosis]:
    """Yield what should be set otherwise; one that is fine, where nothing should."""
    found = [*_always(), *_proxies(), *_for_others()]
    yield from found or [Diagnosis("settings", Level.OK, "문제 없음", "nothing to mend")]


def _always() -> Iterator[Diagnosis]:
    if settings.DEBUG:
        yield _wrong(
            Level.FAIL if _serves_others() else Level.WARN,
            "DEBUG가 켜져 있어 오류 화면에 내부 정보가 보입니다.",
            "DEBUG is on: error pages show the inside.",
            ("DEBUG를 지워 주세요.", "Unset DEBUG."),
        )
    if settings.MAIL_BACKEND == "sendgrid" and settings.SENDGRID_SANDBOX:
        yield _wrong(
            Level.WARN,
            "SendGrid 샌드박스가 켜져 있어 '전달됨'으로 세지만 독자에게는 도착하지 않습니다.",
            "SendGrid's sandbox is on: letters count as accepted, and no reader gets one.",
            ("SENDGRID_SANDBOX를 지워 주세요.", "Unset SENDGRID_SANDBOX."),
        )
    yield from _unsafe_for_others()


def _unsafe_for_others() -> Iterator[Diagnosis]:
    """Yield what is safe on this machine alone; in public the program does not start with it."""
    level = Level.FAIL if _serves_others() else Level.WARN
    keys = {
        "SECRET_KEY": [settings.SECRET_KEY],
        "SECRET_KEY_FALLBACKS": settings.SECRET_KEY_FALLBACKS,
    }
    for name, values in keys.items():
        if any(map(public_site.is_guessable, values)):
            yield _wrong(
                level,
                f"{name} 값이 짧거나 널리 알려져 있어 링크의 서명을 위조할 수 있습니다.",
                f"{name} is short or known to everybody: links could be forged.",
                ("50자 이상의 무작위 값을 정해 주세요.", "Set 50 random characters or more."),
            )
    if public_site.is_open(settings.REDIS_URL):
        yield _wrong(
            level,
            "REDIS_URL에 비밀번호가 없어 그 포트에 닿는 누구나 작업을 넣을 수 있습니다.",
            "REDIS_URL has no password: whoever reaches the port can hand tasks to the workers.",
            (
                "Redis에 requirepass를 정해 주세요.",
                "Set requirepass in Redis, and name it in REDIS_URL.",
            ),
        )


def _for_others() -> Iterator[Diagnosis]:
    if not _serves_others():
        return
    if not settings.BASE_URL.startswith("https://"):
        yield _wrong(
            Level.FAIL,
            "BASE_URL이 https가 아니라 원클릭 수신 거부가 동작하지 않습니다.",
            "BASE_URL is not https, so one-click unsubscribe cannot work (RFC 8058).",
            ("BASE_URL을 https://… 로 정해 주세요.", "Set BASE_URL to https://…"),
        )
    if settings.MAIL_BACKEND == "inbox":
        yield _wrong(
            Level.WARN,
            "메일이 내장 메일함으로만 갑니다. 독자에게는 도착하지 않습니다.",
            "Letters go to the built-in inbox only: no reader gets one.",
            (
                "MAIL_BACKEND를 smtp 또는 sendgrid로 정해 주세요.",
                "Set MAIL_BACKEND to smtp or sendgrid.",
            ),
        )
    if settings.MAIL_BACKEND == "sendgrid" and not settings.SENDGRID_WEBHOOK_KEY:
        yield _wrong(
            Level.WARN,
            "반송과 스팸 신고를 받지 않습니다. SENDGRID_WEBHOOK_KEY가 없습니다.",
            "Bounces and complaints are not taken: SENDGRID_WEBHOOK_KEY is missing.",
            (
                "SendGrid의 서명된 이벤트 웹훅의 공개 키를 SENDGRID_WEBHOOK_KEY에 넣어 주세요.",
                "Set SENDGRID_WEBHOOK_KEY to the public key of SendGrid's signed event webhook.",
            ),
        )
    if not settings.PUBLICATION_ADDRESS:
        yield _wrong(
            Level.WARN,
            "메일에 발행인의 우편 주소가 없습니다.",
            "Letters carry no postal address of the publisher.",
            ("PUBLICATION_ADDRESS를 정해 주세요.", "Set PUBLICATION_ADDRESS."),
        )
    if not settings.EDITOR_ADDRESSES:
        yield _wrong(
            Level.WARN,
            "문제가 생겨도 알림을 받을 편집자가 없습니다.",
            "Nobody is told when an issue pauses.",
            ("EDITOR_ADDRESSES를 정해 주세요.", "Set EDITOR_ADDRESSES."),
        )


def _proxies() -> Iterator[Diagnosis]:
    """Yield a proxy in front of the site that ``TRUSTED_PROXIES`` does not name."""
    seen = proxies.undeclared()
    if seen:
        yield _wrong(
            Level.WARN,
            f"사설 주소 {', '.join(seen)}에서 여러 방문자의 요청이 전달되는데 TRUSTED_PROXIES에 없습니다."
            " 횟수 제한이 모두를 한 사람으로 셉니다.",
            f"Requests of several visitors come from {', '.join(seen)}, which TRUSTED_PROXIES does not"
            " name: the limits take all of them for one.",
            (
                f"직접 둔 프록시라면 TRUSTED_PROXIES={_declared(seen)} 로 정해 주세요.",
                f"If it is a proxy of yours, set TRUSTED_PROXIES={_declared(seen)}",
            ),
        )
    elif settings.BASE_URL.startswith("https://") and not settings.TRUSTED_PROXIES:
        yield _wrong(
            Level.WARN,
            "BASE_URL은 https인데 TRUSTED_PROXIES가 비어 있습니다. 앞에 있는 프록시를 알 수 없습니다.",
            "BASE_URL is https and TRUSTED_PROXIES names no proxy, though one must speak https for us.",
            (
                "프록시의 주소를 적어 주세요. 같은 컴퓨터라면 TRUSTED_PROXIES=127.0.0.1",
                "Name the proxy's address; on the same machine TRUSTED_PROXIES=127.0.0.1",
            ),
        )


def _declared(seen: Sequence[str]) -> str:
    return ",".join([*settings.TRUSTED_PROXIES, *seen])


def _serves_others() -> bool:
    """Return whether somebody at another machine can open the site."""
    return public_site.reach(settings.BASE_URL) is not Reach.MACHINE


def _wrong(level: Level, ko: str, en: str, remedy: tuple[str, str]) -> Diagnosis:
    return Diagnosis("settings", level, ko, en, *remedy)
