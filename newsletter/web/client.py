"""Where a request comes from, past the proxies that we trust and no others."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

_UNKNOWN = "0.0.0.0"  # noqa: S104 - counted as one network, never listened on


def address_of(request: HttpRequest) -> str:
    """Return the visitor's IP address: the last hop that is not one of our own proxies."""
    hops = [request.META.get("REMOTE_ADDR", "")]
    forwarded = request.headers.get("X-Forwarded-For", "")
    hops += [hop.strip() for hop in reversed(forwarded.split(","))]
    trusted = set(settings.TRUSTED_PROXIES)
    visitor = next((hop for hop in hops if hop not in trusted), _UNKNOWN)
    return visitor if _is_ip(visitor) else _UNKNOWN


def _is_ip(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
