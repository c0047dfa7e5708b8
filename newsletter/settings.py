"""Every setting, read from the environment once, with a default that runs on one machine.

Nothing here needs an account anywhere: SQLite, a private Redis and the built-in
inbox, all inside ``NEWSLETTER_DATA_DIR``. ``docs/settings.md`` explains each one.
"""

from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

from newsletter.common import places, public_site
from newsletter.common.database_url import parse_database
from newsletter.common.environment import Environment
from newsletter.common.redis_url import parse_redis

env = Environment.from_process()

DATA_DIR = env.folder("NEWSLETTER_DATA_DIR", places.data_folder())

_LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"))
DEBUG = env.flag("DEBUG", default=False)
SECRET_KEY = env.secret("SECRET_KEY", DATA_DIR / "secret-key")
# Links in old mail must go on working after a rotation: name the retired keys here.
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
WEB_PORT = env.port("WEB_PORT", DATA_DIR / "web-port", 8000)
BASE_URL = env.url("BASE_URL", f"http://127.0.0.1:{WEB_PORT}")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS") or env.hosts_of(BASE_URL)
CSRF_TRUSTED_ORIGINS = [env.origin_of(BASE_URL)]
CSRF_FAILURE_VIEW = "newsletter.web.errors.csrf_failed"
# Proxies whose X-Forwarded-For is believed; without any, the connection's own address counts.
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES")

PUBLICATION_NAME = env.text("PUBLICATION_NAME", "오늘의 ML 논문")
PUBLICATION_DOMAIN = env.text("PUBLICATION_DOMAIN", env.domain_of(BASE_URL))
PUBLICATION_ADDRESS = env.text("PUBLICATION_ADDRESS", "")
MAIL_FROM = env.text("MAIL_FROM", f"news@{PUBLICATION_DOMAIN}")
MAIL_REPLY_TO = env.text("MAIL_REPLY_TO", "")
EDITOR_ADDRESSES = env.words("EDITOR_ADDRESSES")
# A style is whatever can be written as a mail and as a post.
_STYLES = sorted(path.stem for path in (places.templates() / "markdown").glob("[!_]*.md"))
DAILY_STYLE = env.choice("DAILY_STYLE", "top5", _STYLES)
WEEKLY_STYLE = env.choice("WEEKLY_STYLE", "pytorchkr-weekly", _STYLES)
MINIMUM_PAPERS = env.number("MINIMUM_PAPERS", 3, most=100)
LEAST_TOLD_PERCENT = env.number("LEAST_TOLD_PERCENT", 50, most=100)
DAILY_PAPERS = env.number("DAILY_PAPERS", 5, least=1, most=100)
WEEKLY_PAPERS = env.number("WEEKLY_PAPERS", 10, least=1, most=100)

MAIL_BACKEND = env.text("MAIL_BACKEND", "inbox")
# Gets what the first one cannot take at all, never what is in doubt.
FAILOVER_BACKEND = env.text("FAILOVER_BACKEND", "")
MAIL_LIMITS = env.text("MAIL_LIMITS", "")
MAILBOX_LIMITS = env.text("MAILBOX_LIMITS", "")
WARM_UP = env.text("WARM_UP", "")
# For servers that do not sign themselves; several keys sign side by side.
DKIM_DOMAIN = env.text("DKIM_DOMAIN", MAIL_FROM.rpartition("@")[2])
DKIM_SELECTOR = env.words("DKIM_SELECTOR")
DKIM_KEY_FILE = env.words("DKIM_KEY_FILE")
SMTP_URL = env.text("SMTP_URL", "")
SENDGRID_API_KEY = env.text("SENDGRID_API_KEY", "")
SENDGRID_BASE_URL = env.text("SENDGRID_BASE_URL", "")
SENDGRID_SANDBOX = env.flag("SENDGRID_SANDBOX", default=False)
SENDGRID_READERS = env.number("SENDGRID_READERS", 250, least=1, most=1000)
SENDGRID_RECALL_MINUTES = env.number_or_zero("SENDGRID_RECALL_MINUTES", least=11, most=4320)
INBOX_PORT = env.port("INBOX_PORT", DATA_DIR / "inbox-port", 8025)
WORKER_PROCESSES = env.number("WORKER_PROCESSES", 2, least=1, most=256)
HOUSE_PROCESSES = env.number("HOUSE_PROCESSES", 2, least=1, most=256)
COLLECT_PROCESSES = env.number("COLLECT_PROCESSES", 2, least=1, most=256)
# Five seconds before its end nothing is handed over any more. Consent is read when a lease
# is taken or extended, so that a longer one would write to who left a minute ago.
DELIVERY_LEASE_SECONDS = env.number("DELIVERY_LEASE_SECONDS", 60, least=7, most=65)
DELIVERY_BATCH_SIZE = env.number("DELIVERY_BATCH_SIZE", 2000, least=1, most=10_000)
# A send that would begin later than this after its time asks a person instead.
SCHEDULE_LIMIT_HOURS = env.number("SCHEDULE_LIMIT_HOURS", 6, least=1, most=48)
RECONCILE_SECONDS = env.number("RECONCILE_SECONDS", 15, least=1, most=30)
# An issue that stood still for longer asks before it goes on.
SEND_LATE_HOURS = env.number("SEND_LATE_HOURS", 6, least=1, most=720)
MAX_SEND_ERRORS = env.number("MAX_SEND_ERRORS", 50)
UNCERTAIN_AFTER_MINUTES = env.number("UNCERTAIN_AFTER_MINUTES", 15, least=1, most=10_080)
UNCERTAIN_POLICY = env.choice("UNCERTAIN_POLICY", "hold", ("hold", "retry"))

# The public keys of the event webhook; two while one is being replaced.
SENDGRID_WEBHOOK_KEY = env.words("SENDGRID_WEBHOOK_KEY")
# SendGrid tries for a day; what was signed before that is an old recording.
WEBHOOK_MAX_AGE_HOURS = env.number("WEBHOOK_MAX_AGE_HOURS", 26, least=1, most=720)
BOUNCE_ADDRESS = env.text("BOUNCE_ADDRESS", "")
BOUNCE_IMAP_URL = env.text("BOUNCE_IMAP_URL", "")
SOFT_BOUNCE_LETTERS = env.number("SOFT_BOUNCE_LETTERS", 5, least=1, most=100)
EVENT_DETAIL_DAYS = env.number("EVENT_DETAIL_DAYS", 30, least=1, most=3650)

# Who is asking, and how a site can reach us: sources see it in every request.
FETCH_USER_AGENT = env.text(
    "FETCH_USER_AGENT", f"newsletter/{version('newsletter')} (+{BASE_URL}; {MAIL_FROM})"
)
# For tests alone: lets the fetcher reach servers on this machine, on any port.
FETCH_ALLOW_LOOPBACK = env.flag("FETCH_ALLOW_LOOPBACK", default=False)
# Where times of feeds are from that name no zone; empty: Seoul for Korean feeds, UTC for others.
FEED_TIME_ZONE = env.time_zone("FEED_TIME_ZONE")
# Hosts that want one request at a time, and the seconds between two; arXiv's own rule.
FETCH_PAUSES = {"arxiv.org": 3.0}
ARXIV_API_URL = env.url("ARXIV_API_URL", "https://export.arxiv.org/api/query")

DATABASE_URL = env.text("DATABASE_URL", f"sqlite:///{quote(str(DATA_DIR / 'newsletter.sqlite3'))}")
REDIS_SOCKET = env.socket(DATA_DIR / "redis.sock")
PRIVATE_REDIS_URL = f"redis+socket://{quote(str(REDIS_SOCKET))}"
REDIS_URL = parse_redis(env.text("REDIS_URL", PRIVATE_REDIS_URL))
public_site.check(BASE_URL, SECRET_KEY, SECRET_KEY_FALLBACKS, REDIS_URL)
# Only PostgreSQL can: what a process that stands still had locked is free again after so long.
TRANSACTION_IDLE_SECONDS = env.number("TRANSACTION_IDLE_SECONDS", 20, least=1, most=600)
DATABASES = {"default": parse_database(DATABASE_URL, TRANSACTION_IDLE_SECONDS)}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "newsletter.collect",
    "newsletter.papers",
    "newsletter.issues",
    "newsletter.subscribers",
    "newsletter.delivery",
    "newsletter.events",
    "newsletter.insights",
    "newsletter.tasks",
    "newsletter.web",
    "newsletter.editor",
]
MIDDLEWARE = [
    "newsletter.web.proxies.ProxyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "newsletter.web.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "newsletter.web.errors.KindErrorsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [places.templates()],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "newsletter.web.environment.build",
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["newsletter.editor.hashing.BoundedArgon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# The rule stands in newsletter.editor.guessing; axes asks it before a password is hashed.
AXES_HANDLER = "newsletter.editor.guessing.GrowingWait"
AXES_CLIENT_IP_CALLABLE = "newsletter.web.client.address_of"
AXES_LOCKOUT_CALLABLE = "newsletter.editor.access.locked_out"
# A guess that was refused counts for nothing: else whoever goes on guessing holds the wait.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_VERBOSE = False

ROOT_URLCONF = "newsletter.urls"
WSGI_APPLICATION = "newsletter.wsgi.application"
FORM_RENDERER = "django.forms.renderers.Jinja2"
LOGIN_URL = "editor:login"
LOGIN_REDIRECT_URL = "editor:desk"
LOGOUT_REDIRECT_URL = "editor:login"

LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", "한국어"), ("en", "English")]
LOCALE_PATHS = [places.LOCALE]
USE_TZ = True
TIME_ZONE = "Asia/Seoul"

STATIC_URL = "/static/"
STATICFILES_DIRS: list[Path] = []
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

SECURE = BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
# A month outlasts the days between two issues, and ends a mistake with a certificate. What lies
# below the host is not ours to promise, and the proxy redirects from http (see ADR 18).
SECURE_HSTS_SECONDS = 30 * 24 * 60 * 60 if SECURE else 0
SESSION_COOKIE_AGE = 12 * 60 * 60
# Nothing leaves the site; "no-referrer" would make browsers send "Origin: null" with our own forms.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "img-src": ["'self'", "https:", "data:"],
        "connect-src": ["'self'"],
        "frame-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {
        "tokens": {"()": "newsletter.web.logs.HideTokens"},
        "busy logins": {"()": "newsletter.web.logs.QuietBusyLogins"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["tokens"],
        }
    },
    # httpx would log every address that is asked, with its query.
    # The other writes whole requests, key and readers included, when everything is logged.
    "loggers": {
        "django.request": {"filters": ["busy logins"]},
        "httpx": {"level": "WARNING"},
        "python_http_client": {"level": "WARNING"},
        "waitress": {"level": "WARNING"},
        "waitress.queue": {"level": "ERROR"},  # a page that waits its turn is no news
    },
    "root": {"handlers": ["stderr"], "level": _LOG_LEVEL},
}
