"""The settings of the site. What an operator decides comes from the environment (docs/reference/settings.md)."""

import hashlib
import hmac
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF

from torogoz.domain.attachments import MOST_BYTES
from torogoz.site import environment, reporting
from torogoz.site.topics import WORKING_TOPICS

PACKAGE = Path(__file__).resolve().parent.parent
VAR = environment.folder(
    "TOROGOZ_VAR",
    "everything that the system makes: database, vintages, releases, static files",
    Path.cwd() / "var",
    shown="`var` in the folder where the command is run",
)
DEMONSTRATION = environment.flag(
    "TOROGOZ_DEMONSTRATION",
    "the demonstration country: made-up people, marked on every page and in every file; no second factor",
    default=False,
)
PRODUCTION = environment.flag(
    "TOROGOZ_PRODUCTION", "HTTPS only, secure cookies, HSTS; refuses the development key", default=False
)

DEVELOPMENT_KEY = "development-only-key-that-production-refuses-to-start-with"
SECRET_KEY = environment.text(
    "TOROGOZ_SECRET_KEY",
    "the key of sessions and signatures; 50 characters or more in production",
    DEVELOPMENT_KEY,
    shown="a key for development",
)
if PRODUCTION and (SECRET_KEY == DEVELOPMENT_KEY or len(SECRET_KEY) < 50):
    raise environment.SettingMissing(
        "TOROGOZ_PRODUCTION is on, but TOROGOZ_SECRET_KEY is missing, shorter than 50 characters, or the "
        "development key. Give one in TOROGOZ_SECRET_KEY, or in a file named by TOROGOZ_SECRET_KEY_FILE."
    )
if PRODUCTION and DEMONSTRATION:
    raise environment.SettingUnclear("TOROGOZ_PRODUCTION and TOROGOZ_DEMONSTRATION cannot both be on")

DEBUG = False
ALLOWED_HOSTS = environment.words("TOROGOZ_HOSTS", "host names that the site answers to", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = environment.words(
    "TOROGOZ_ORIGINS", "origins that forms are accepted from, as https://torogoz.example"
)

# Noise of cross tables follows from persons under this secret: who changes it gives every figure other noise.
CELL_KEY_SECRET = environment.text(
    "TOROGOZ_CELL_KEY_SECRET",
    "the secret of the noise in cross tables, 32 characters or more; keep it as long as releases are made",
    hmac.new(SECRET_KEY.encode(), b"cell keys", hashlib.sha256).hexdigest(),
    shown="made from `TOROGOZ_SECRET_KEY`",
).encode()

# What seals identifiers, contacts and sensitive answers. It is kept apart from the database and from its back-ups.
MASTER_KEY = environment.key(
    "TOROGOZ_MASTER_KEY",
    "the master key that wraps every other: 32 bytes in base64; without it nothing sealed can be read again",
    hmac.new(SECRET_KEY.encode(), b"master key", hashlib.sha256).digest(),
    shown="made from `TOROGOZ_SECRET_KEY`; production needs its own",
)
MASTER_KEY_BEFORE = environment.key(
    "TOROGOZ_MASTER_KEY_BEFORE",
    "the master key before the present one, while `torogoz keys new-master` has not wrapped every key anew",
    b"",
    shown="none",
)
if PRODUCTION and hmac.new(SECRET_KEY.encode(), b"master key", hashlib.sha256).digest() == MASTER_KEY:
    raise environment.SettingMissing(
        "TOROGOZ_PRODUCTION is on, but TOROGOZ_MASTER_KEY is missing. Make one with `openssl rand -base64 32`, keep it "
        "apart from the database, and give it in a file named by TOROGOZ_MASTER_KEY_FILE."
    )

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "torogoz.shared.ui",
    "torogoz.shared.codelists",
    "torogoz.shared.places",
    "torogoz.shared.institutions",
    "torogoz.shared.audit",
    "torogoz.shared.people",
    "torogoz.shared.sources",
    "torogoz.shared.releases",
    "torogoz.shared.indicators",
    "torogoz.shared.submissions",
    "torogoz.shared.observations",
    "torogoz.shared.sdmx",
    "torogoz.shared.jobs",
    "torogoz.shared.vault",
    "torogoz.shared.papers",
    "torogoz.shared.attachments",
    "torogoz.shared.exports",
    "torogoz.shared.blankforms",
    "torogoz.shared.devices",
    "torogoz.shared.cases",
    "torogoz.shared.households",
    "torogoz.shared.provisions",
    "torogoz.shared.oversight",
    "torogoz.shared.data_rights",
    "torogoz.shared.protocols",
    "torogoz.shared.polls",
    *(topic.app for topic in WORKING_TOPICS if topic.app),
    "torogoz.site",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "torogoz.shared.institutions.middleware.no_copies",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "torogoz.shared.ui.language.chosen_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "torogoz.shared.institutions.middleware.who_asks",
    "torogoz.shared.institutions.middleware.SignInRequiredMiddleware",
    "torogoz.shared.institutions.second_factor.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "torogoz.shared.vault.middleware.CannotOpenMiddleware",
    "torogoz.shared.people.middleware.DisposedMiddleware",
    "torogoz.shared.ui.heads.AnswersHead",
]

ROOT_URLCONF = "torogoz.site.urls"
WSGI_APPLICATION = "torogoz.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "torogoz.site.context.site",
            ],
        },
    },
]

# One database: SQLite beside the files by default, PostgreSQL when DATABASE_URL says so.
DATABASES = {
    "default": dj_database_url.parse(
        environment.text("DATABASE_URL", "the database, as postgres://…", shown="SQLite below `TOROGOZ_VAR`")
        or f"sqlite:///{VAR / 'torogoz.sqlite3'}",
        conn_max_age=60,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # So much of it may be mapped: what a process holds stays below 600 MB, and the system caches the rest as well.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
        "PRAGMA mmap_size=369098752;",
    }
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    # Compiling a plan takes PostgreSQL longer than any query of ours runs: the desk search six times as long.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "institutions.Officer"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
CSRF_FAILURE_VIEW = "torogoz.shared.institutions.typed.token_refused"
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
TWO_FACTOR = not DEMONSTRATION

# How a person is reached (a telephone, an address), printed at the foot of every page.
PUBLISHING_INSTITUTION = environment.text(
    "TOROGOZ_PUBLISHER",
    "code of the institution that makes the releases: its statisticians alone see notices of figures not yet public",
    "DGME",
)
CONTACT = environment.text("TOROGOZ_CONTACT", "who answers the readers: shown at the foot of every page")

# The module that does with a form from a device what shared/devices/reception.py asks for.
RECEPTION = "torogoz.topics.returns.from_devices"

LANGUAGE_CODE = "es"
LANGUAGES = [("es", "Español"), ("en", "English")]
TIME_ZONE = "America/El_Salvador"
USE_TZ = USE_I18N = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MANIFEST_STRICT = True

SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "script-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "ui/lockout.html"
AXES_HANDLER = "torogoz.shared.institutions.lockout.Handler"
AXES_USERNAME_CALLABLE = "torogoz.shared.institutions.lockout.username_kept"
AXES_CLIENT_IP_CALLABLE = "torogoz.shared.institutions.lockout.client_address"
OTP_TOTP_ISSUER = "Torogoz"

VINTAGES, RELEASES = VAR / "vintages", VAR / "releases"
ATTACHMENTS, EXPORTS = VAR / "attachments", VAR / "exports"
ANCHORS = environment.folder(
    "TOROGOZ_ANCHORS",
    "where the signed heads of the record of accesses are kept: best where who runs the database cannot write",
    VAR / "anchors",
    shown="`anchors` in the folder of `TOROGOZ_VAR`",
)
# A file that is handed in stays in memory until it is sealed: nothing clear lies in a folder of temporary files.
FILE_UPLOAD_MAX_MEMORY_SIZE = MOST_BYTES + 1024**2
DATA = environment.text("TOROGOZ_DATA", "folder with files of real publishers, for the demonstration")
SOURCE_URLS = environment.addresses(
    "TOROGOZ_SOURCE_", "_URL", "where a publisher keeps the file that `torogoz sources --download KEY` fetches"
)

LOGGING = reporting.TO_THE_LOG_OF_THE_SERVER
