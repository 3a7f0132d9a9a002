"""One settings file; what an installation changes comes from the environment (`config.env`)."""

import datetime as dt
import os
import secrets
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF

from config import env

BASE_DIR = Path(__file__).resolve().parent.parent

DATA_DIR = Path(
    env.text("KHUNG_DATA", str(BASE_DIR / "data"), "folder of the database, uploads and backups")
).resolve()
DEMONSTRATION = env.boolean(
    "KHUNG_DEMONSTRATION", False, "show demonstration accounts and the label of illustrative data"
)
DEMONSTRATION_FOLDER = Path(
    env.text(
        "KHUNG_DEMONSTRATION_FOLDER",
        str(BASE_DIR / "demonstration" / "khanh-hoa"),
        "folder of the demonstration province",
    )
)
DEBUG = env.boolean("KHUNG_DEBUG", False, "Django's debug pages; never on a public machine")
BIND_HOST = env.text("KHUNG_HOST", "127.0.0.1", "address the server listens on")
BIND_PORT = env.integer("KHUNG_PORT", 8000, "port the server listens on")
ALLOWED_HOSTS = list(
    env.words(
        "KHUNG_ALLOWED_HOSTS", ("localhost", "127.0.0.1", "[::1]"), "host names people may type"
    )
)
CSRF_TRUSTED_ORIGINS = list(
    env.words("KHUNG_TRUSTED_ORIGINS", (), "https://… origins of a proxy in front of Khung")
)
HTTPS = env.boolean("KHUNG_HTTPS", False, "a proxy serves https and tells whose requests")
WEB_WORKERS = env.integer("KHUNG_WEB_WORKERS", 2, "web server processes")
WEB_THREADS = env.integer("KHUNG_WEB_THREADS", 4, "requests each web process works on at once")

UPLOAD_LIMIT_MB = env.integer("KHUNG_UPLOAD_LIMIT_MB", 20, "largest file of evidence, in MB")
EVIDENCE_PER_REPORT = env.integer(
    "KHUNG_EVIDENCE_PER_REPORT", 40, "most pieces of evidence one report may hold"
)
CLAMD = env.text("KHUNG_CLAMD", "", "virus scanner: host:port or the path of clamd's socket")

SITE_URL = env.text("KHUNG_SITE_URL", "", "https://… people open Khung at, for links").rstrip("/")
SMTP_HOST = env.text("KHUNG_SMTP_HOST", "", "mail server; without one e-mail goes to a file")
SMTP_PORT = env.integer("KHUNG_SMTP_PORT", 587, "port of the mail server")
SMTP_USER = env.text("KHUNG_SMTP_USER", "", "name Khung signs in to the mail server with")
SMTP_PASSWORD = env.text("KHUNG_SMTP_PASSWORD", "", "password of that name")
SMTP_TLS = env.choice(
    "KHUNG_SMTP_TLS", "starttls", ("starttls", "implicit", "none"), "how the connection is secured"
)
SMTP_FROM = env.text("KHUNG_SMTP_FROM", "khung@localhost", "address messages come from")
# The gateways messages leave through (`khung.reminders.adapters`), by channel.
GATEWAYS = {
    channel: {
        "adapter": env.choice(
            f"KHUNG_{channel.upper()}_ADAPTER", "file", ("file", "http"), "write, or really send"
        ),
        "url": env.text(f"KHUNG_{channel.upper()}_URL", "", "address messages are posted to"),
        "token": env.text(f"KHUNG_{channel.upper()}_TOKEN", "", "what the gateway knows us by"),
        "header": env.text(
            f"KHUNG_{channel.upper()}_TOKEN_HEADER", header, "header the token travels in"
        ),
        "template_id": env.text(
            f"KHUNG_{channel.upper()}_TEMPLATE", "", "template of the digest, as registered"
        ),
    }
    for channel, header in (("zalo", "access_token"), ("sms", "Authorization"))
}


def _secret_key() -> str:
    """The key in the data folder, made at first start and readable by its owner only."""
    given = os.environ.get("KHUNG_SECRET_KEY", "")
    if given:
        return given
    path = DATA_DIR / "secret-key"
    if not path.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        fresh = DATA_DIR / f".secret-key-{os.getpid()}"
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
        try:
            # Of several processes starting at once, one link wins and all read it.
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text().strip()


env.text("KHUNG_SECRET_KEY", "", "secret key; without it one is made in the data folder")
SECRET_KEY = _secret_key()

INSTALLED_APPS = [
    "khung.base",
    "khung.orgs",
    "khung.frameworks",
    "khung.assignments",
    "khung.reports",
    "khung.difficulties",
    "khung.reminders",
    "khung.desk",
    "khung.portal",
    "allauth",
    "allauth.account",
    "axes",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "heroicons",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "khung.base.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "khung.base.middleware.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
    "khung.orgs.middleware.ActingMiddleware",
    "khung.base.middleware.WrongMethodMiddleware",
    "khung.desk.permissions.DenyByDefaultMiddleware",
    "khung.base.middleware.ReadOnlyGetMiddleware",
]
# A page that writes while it is read is a fault: an error in tests, a log line in service.
REFUSE_WRITES_ON_GET = DEBUG

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "khung.base.context.site",
                "khung.desk.frame.frame",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    },
]

DATABASE_URL = env.text(
    "DATABASE_URL", f"sqlite:///{DATA_DIR / 'khung.sqlite3'}", "database, SQLite or PostgreSQL"
)
DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=600)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE: a deferred transaction that turns into a writer fails at once instead of waiting.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000;"
        ),
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "orgs.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
ACCOUNT_ADAPTER = "khung.base.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = False  # axes counts in the database, the same for every worker
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = dt.timedelta(minutes=15)
AXES_HANDLER = "khung.base.sign_in_limits.LimitByAddress"
AXES_CLIENT_IP_CALLABLE = "khung.base.sign_in_limits.client_address"
# Fifteen minutes after the last guess that counted, as the page says: guesses while locked out
# would keep a whole office out behind its one address.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
# Name and address together: nobody can lock an official out from elsewhere.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "base/locked_out.html"
AXES_VERBOSE = False
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = "/"

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "khung" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "khung.base.assets.WheelFinder",
]
# The source map of Bootstrap is named in its stylesheet, so it is there; nobody downloads it.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("map", "woff2", "png", "jpg", "gz", "br")
MEDIA_ROOT = DATA_DIR / "uploads"
FILE_UPLOAD_HANDLERS = [
    "khung.base.upload_handler.EvidenceUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# A form of evidence takes this many at once; the page's script sends them one by one.
DATA_UPLOAD_MAX_NUMBER_FILES = 20

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
