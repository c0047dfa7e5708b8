"""Mail HTML inside a page: its own document, in a sandbox, where nothing in it can act.

Mail is styled in its attributes and shows pictures from the web, which our own
pages never do; so it gets a policy of its own instead of loosening theirs.
"""

import re
from collections.abc import Callable

from csp.decorators import csp
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.clickjacking import xframe_options_sameorigin

View = Callable[..., HttpResponseBase]

# Links within the mail ("#paper-3") stay in the frame, so a <base> would not do.
_WEB_LINK = re.compile(r'<a (?=[^>]*href="https?://)')
_POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["https:", "data:"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
    "frame-ancestors": ["'self'"],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}


def framed(view: View) -> View:
    """Let this view be framed by our own pages, under the policy for mail."""
    return xframe_options_sameorigin(csp(_POLICY)(view))


def mail_document(html: str) -> HttpResponse:
    """Return the HTML of a mail; its links to the web open outside the frame."""
    return HttpResponse(_WEB_LINK.sub('<a target="_blank" ', html))
