"""One settings module: embedded defaults for `make run`, the environment for everything else (docs/operations.md)."""

from __future__ import annotations

from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from docs_app.content.sniffing import KINDS
from project import env
from project.mail import PORTS, mail_server
from project.secret import embedded_secret_key
from project.storage import storage_at

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var")))

# --- Who we are -----------------------------------------------------------------------------------------------
DATABASE_URL = env.url("DATABASE_URL", "postgres", "postgresql", "sqlite")
REDIS_URL = env.url("REDIS_URL", "redis", "rediss", "unix")
PUBLIC_HOSTS = env.words("ALLOWED_HOSTS")
# Embedded: one person trying it on one machine. Demo people and DEBUG exist only then.
EMBEDDED = not DATABASE_URL and not PUBLIC_HOSTS
SECRET_KEY = env.text("SECRET_KEY")
if not SECRET_KEY:
    if not EMBEDDED:
        raise ImproperlyConfigured(
            "Set SECRET_KEY: the generated one is for the embedded database on this machine only."
        )
    SECRET_KEY = embedded_secret_key(VAR_DIR)
DEBUG = env.flag("DEBUG", default=False)
if DEBUG and not EMBEDDED:
    raise ImproperlyConfigured(
        "DEBUG=1 works with the embedded database only: unset it, or unset DATABASE_URL and ALLOWED_HOSTS."
    )
ALLOWED_HOSTS = PUBLIC_HOSTS or ["127.0.0.1", "localhost", "[::1]"]
HTTPS = env.flag("HTTPS", default=bool(PUBLIC_HOSTS))

# --- Parts ------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "channels",
    "csp",
    "django_htmx",
    "ninja",
    "collab",
    "docs_app",
    "project",
]
MIDDLEWARE = [
    "project.loans.LoanMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "project.outages.OutageMiddleware",
]
ROOT_URLCONF = "project.urls"
ASGI_APPLICATION = "project.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["django.templatetags.i18n"],
        },
    }
]

# --- Figures ---------------------------------------------------------------------------------------------------
METRICS_TOKEN = env.text("METRICS_TOKEN")
if 0 < len(METRICS_TOKEN) < 16:
    raise ImproperlyConfigured("METRICS_TOKEN must have 16 characters or more: whoever has it reads /metrics.")

# --- Data -------------------------------------------------------------------------------------------------------
if DATABASE_URL:
    try:
        DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_health_checks=True)}
    except ValueError:  # not its message: it repeats the password
        raise ImproperlyConfigured("DATABASE_URL is not of the form postgres://user:password@host:port/name.") from None
else:
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(VAR_DIR / "scriptorium.sqlite3")}}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # FULL: what we acknowledge as saved survives a power loss. IMMEDIATE: writers queue instead of failing.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;",
    }
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
else:
    pool = env.number("DATABASE_POOL", 16, least=2, most=1000)
    DATABASES["default"]["OPTIONS"] = {
        # A network that breaks does not say so: give up soon, and be there when it is whole again.
        "connect_timeout": 3,
        "tcp_user_timeout": 4000,
        "keepalives_idle": 4,
        "keepalives_interval": 2,
        "keepalives_count": 2,
        **DATABASES["default"].get("OPTIONS", {}),
        # The pool tries to connect at ever longer intervals, begins anew only with a request that comes after it has
        # given up, and lets requests wait: all of it short, so that a database is found again in seconds.
        "pool": {"min_size": 2, "max_size": pool, "timeout": 5, "reconnect_timeout": 4},
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
COLLAB = {
    "KEEP_LOG_DAYS": env.number("KEEP_LOG_DAYS", 7, least=1, most=36_500),
    "KEEP_HISTORY_DAYS": env.number("KEEP_HISTORY_DAYS", 365, least=1, most=36_500),
}
if REDIS_URL:
    CHANNEL_LAYERS = {
        "default": {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [REDIS_URL]}}
    }
else:
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}

# --- People -----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "docs_app.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
EMAIL_URL = env.url("EMAIL_URL", *PORTS)
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", f"scriptorium@{(PUBLIC_HOSTS or ['localhost'])[0].lstrip('.')}")
if EMAIL_URL:
    letters = mail_server(EMAIL_URL)
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT, EMAIL_TIMEOUT = letters.host, letters.port, 20
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = letters.user, letters.password
    EMAIL_USE_SSL, EMAIL_USE_TLS = letters.ssl, letters.starttls

# --- Browser ----------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "worker-src": [SELF],
        "style-src": [SELF],
        # ProseMirror and the carets set style attributes from script (CSSOM), which CSP allows without 'unsafe-inline'.
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "project.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
# Subdomains and preload lists are promises for a whole domain, which is not ours to make.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# --- Files ------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
OFFLINE = env.flag("OFFLINE", default=True)
# Never static/ itself: that would serve the sources and node_modules.
STATICFILES_DIRS: list[Path | tuple[str, Path]] = [
    folder for folder in (BASE_DIR / "static" / "dist", BASE_DIR / "static" / "public") if folder.is_dir()
]
LANGUAGES_DIR = BASE_DIR / "static" / "languages"
if LANGUAGES_DIR.is_dir():
    STATICFILES_DIRS.append(("languages", LANGUAGES_DIR))
MEGABYTE = 1_000_000
UPLOAD_BYTES = env.number("UPLOAD_MB", 25, least=1, most=1000) * MEGABYTE
UPLOAD_DOCUMENT_BYTES = env.number("UPLOAD_DOCUMENT_MB", 500, least=1, most=1_000_000) * MEGABYTE
UPLOAD_PERSON_BYTES = env.number("UPLOAD_PERSON_MB", 5000, least=1, most=1_000_000) * MEGABYTE
UPLOAD_KINDS = env.words_of("UPLOAD_KINDS", KINDS, "archive,audio,image,other,pdf,text,video")
STORAGES = {
    # What people have uploaded, and nothing else: nobody is given an address of it.
    "default": storage_at(env.url("UPLOAD_URL", "s3"), VAR_DIR / "uploads"),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# May be kept for ever: names with Django's hash, and those with esbuild's, which scripts name to each other.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/(.+\.[0-9a-f]{12}|lazy/.+-[A-Z0-9]{8})\.\w+$"

# --- Logs -------------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "TEXT": {"()": "project.logs.Discreet", "format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
        "JSON": {"()": "project.logs.Structured"},
    },
    "filters": {
        "once": {"()": "project.logs.Seldom", "times": 1},
        "hundred": {"()": "project.logs.Seldom", "times": 100},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": env.choice("LOG_FORMAT", "TEXT", "JSON")},
    },
    "root": {"handlers": ["console"], "level": env.choice("LOG_LEVEL", "INFO", "DEBUG", "WARNING", "ERROR")},
    "loggers": {
        "django": {"handlers": []},
        # It tells of every socket that opens and closes.
        "uvicorn.error": {"level": "WARNING"},
        # It tells of every attempt to connect.
        "psycopg.pool": {"filters": ["once"]},
        # It tells of everybody who is sent away: that many may come shall fill no disk.
        "collab.consumers": {"filters": ["hundred"]},
        # At DEBUG it repeats what people write, in SQL.
        "django.db.backends": {"level": "INFO"},
    },
}

# --- Words and time ----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
# Each by its own name: who cannot read the page finds theirs.
LOCALE_PATHS = [
    BASE_DIR / "docs_app" / "locale"
]  # before Django's own catalogues, which have some of our words for other things
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("fr", "Français"), ("es", "Español"), ("ar", "العربية")]
FORMAT_MODULE_PATH = ["project.formats"]
LANGUAGE_COOKIE_AGE = 31_536_000
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = HTTPS
TIME_ZONE = env.zone("TIME_ZONE", "UTC")
USE_I18N = True
USE_TZ = True
