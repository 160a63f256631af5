"""Settings. Everything local comes from the environment; what is missing falls back to the embedded demonstration.

KNOWNTO_VAR           folder for databases, keys, received files and logs (default: ./var)
DATABASE_URL          a PostgreSQL for everything but keys, as the plain role knownto_app
KEYS_DATABASE_URL     another PostgreSQL for wrapped keys
KNOWNTO_KEY_FILE      the file with the master keys
KNOWNTO_GUARD_KEY_FILE  the file with the master keys of sealed people (default: guard-keys.json beside the other)
KNOWNTO_KEYS_SOCKET   socket of the key service; without it, this process reads the key file itself (docs/keys.md)
KNOWNTO_GUARD_KEYS_SOCKET  socket of the guards' own key service, likewise
KNOWNTO_KEYS_HERE     1 for `knownto demo` and `knownto serve` to start no key services of their own
KNOWNTO_SORTS_OF_SEAL file that says which sorts of seal there are (default: the product's own)
KNOWNTO_SECRET        signs cookies; after a blank, earlier ones that still count. Made in KNOWNTO_VAR if not given
KNOWNTO_HOSTS         names that the product is reached by, with commas
KNOWNTO_LATENCIES     folder in which each web process counts how long answers took (default: it does not count)
KNOWNTO_PROXIES       how many proxies stand in front, whose word for the client's address is taken
KNOWNTO_OUT           folder in which copies are left for partners' record systems (default: KNOWNTO_VAR/out)
KNOWNTO_PARTNER_CA    file with the partnership's own certificate authorities, beside those the machine trusts
KNOWNTO_PRIVATE_ENDPOINTS  1 to let copies go to private addresses: on a closed network, in the demo and tests
KNOWNTO_MAPPINGS      folder with agencies' own mappings for exports, <agency>-<shape>.toml (default: only ours)
KNOWNTO_WITNESS_ALARM_MINUTES  how long a witness of the ledger may sign nothing (default: 30)
KNOWNTO_COPY_ALARM_HOURS   how old an unacknowledged copy may be before the alarm is raised (default: 4)
KNOWNTO_SEATS         file that says who is needed at which meeting (default: the product's own)
KNOWNTO_REVIEWING     file that says how the review of who is who is run (default: the product's own)
KNOWNTO_GLASS         file that says how breaking the glass is run (default: the product's own)
KNOWNTO_WATCHING      file that says which patterns of looks the privacy officer is shown (default: the product's own)
KNOWNTO_FRESH_MINUTES how long proving again who one is counts, for exports, seals and breaking the glass (default: 5)
KNOWNTO_SMALL_NUMBERS counts from 1 to this are hidden from whoever sees counts only (default: 5)
KNOWNTO_QUESTIONS     file with the questions of a referral (default: the product's own)
KNOWNTO_DRAFT_DAYS    how long a referral that nobody finishes is kept (default: 14)
KNOWNTO_MAIL_URL      smtp://, smtp+tls:// or smtps://[user:password@]host[:port]; without it notices stay on the page
KNOWNTO_MAIL_FROM     the address that mail comes from (default: no-reply@ and the product's own name)
KNOWNTO_ADDRESS       the address people sign in at, for mail (default: http://localhost:8000)
KNOWNTO_DEMO          1 for the fictional borough: one-click sign-in, no real people
KNOWNTO_AS_OWNER      1 while migrating, with DATABASE_URL then naming the owner
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

from knownto.policy import Permission
from knownto.site.databases import connection_settings
from knownto.site.embedded import PROJECT, cookie_secret

VAR = Path(os.environ.get("KNOWNTO_VAR", PROJECT / "var")).resolve()
DEMO = os.environ.get("KNOWNTO_DEMO") == "1"
TLS = os.environ.get("KNOWNTO_TLS") == "1"
DEBUG = False

KEY_FILE = Path(os.environ.get("KNOWNTO_KEY_FILE", VAR / "keys.json"))
GUARD_KEY_FILE = Path(os.environ.get("KNOWNTO_GUARD_KEY_FILE", KEY_FILE.with_name("guard-keys.json")))
KEYS_SOCKET = os.environ.get("KNOWNTO_KEYS_SOCKET", "")
KEYS_HERE = os.environ.get("KNOWNTO_KEYS_HERE") == "1"
GUARD_KEYS_SOCKET = os.environ.get("KNOWNTO_GUARD_KEYS_SOCKET", "")
SORTS_OF_SEAL = os.environ.get("KNOWNTO_SORTS_OF_SEAL", "")
SECRET_KEY, *SECRET_KEY_FALLBACKS = (os.environ.get("KNOWNTO_SECRET") or cookie_secret(VAR)).split()
ALLOWED_HOSTS = os.environ.get("KNOWNTO_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
AGREEMENTS_FOLDER = os.environ.get("KNOWNTO_AGREEMENTS", PROJECT / "src/knownto/partners/agreements")
OFFICES_FILE = os.environ.get("KNOWNTO_OFFICES", PROJECT / "src/knownto/partners/offices.toml")
LIMITS_FILE = os.environ.get("KNOWNTO_LIMITS", PROJECT / "src/knownto/pathways/frontdoor/limits.toml")
MAPPINGS_FOLDER = os.environ.get("KNOWNTO_MAPPINGS", "")  # agencies' own mappings: <agency>-<shape>.toml
CHECKS_FILE = os.environ.get("KNOWNTO_CHECKS", PROJECT / "src/knownto/pathways/frontdoor/checks.toml")
HOURS_FILE = os.environ.get("KNOWNTO_HOURS", PROJECT / "src/knownto/pathways/frontdoor/hours.toml")
SEATS_FILE = os.environ.get("KNOWNTO_SEATS", PROJECT / "src/knownto/pathways/frontdoor/seats.toml")
REVIEWING_FILE = os.environ.get("KNOWNTO_REVIEWING", PROJECT / "src/knownto/identity/reviewing.toml")
GLASS_FILE = os.environ.get("KNOWNTO_GLASS", PROJECT / "src/knownto/glass/glass.toml")
WATCHING_FILE = os.environ.get("KNOWNTO_WATCHING", PROJECT / "src/knownto/assurance/watching.toml")
FRESH_MINUTES = int(os.environ.get("KNOWNTO_FRESH_MINUTES", "5"))
SMALL_NUMBERS = int(os.environ.get("KNOWNTO_SMALL_NUMBERS", "5"))
RECEIVED_FOLDER = VAR / "received"  # sealed copies of every file, for replay
DROP_FOLDER = Path(os.environ.get("KNOWNTO_DROP", VAR / "drop"))  # what an SFTP server fills, a folder an agency
OUT_FOLDER = Path(os.environ.get("KNOWNTO_OUT", VAR / "out"))  # copies for partners' record systems, likewise
PARTNER_CA = os.environ.get("KNOWNTO_PARTNER_CA", "")
PRIVATE_ENDPOINTS = os.environ.get("KNOWNTO_PRIVATE_ENDPOINTS") == "1"
WITNESS_ALARM_MINUTES = int(os.environ.get("KNOWNTO_WITNESS_ALARM_MINUTES", "30"))
COPY_ALARM_HOURS = int(os.environ.get("KNOWNTO_COPY_ALARM_HOURS", "4"))
QUESTIONS_FILE = os.environ.get("KNOWNTO_QUESTIONS", PROJECT / "src/knownto/pathways/frontdoor/questions.toml")
LATENCIES_FOLDER = os.environ.get("KNOWNTO_LATENCIES", "")
DRAFT_DAYS = int(os.environ.get("KNOWNTO_DRAFT_DAYS", "14"))

DATABASES = {
    "default": connection_settings(VAR, "DATABASE_URL", "main") | {"ATOMIC_REQUESTS": True},
    "keys": connection_settings(VAR, "KEYS_DATABASE_URL", "keys"),
}
DATABASE_ROUTERS = ["knownto.keyring.router.KeysApart"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "knownto.site",
    "knownto.assurance",
    "knownto.pathways.frontdoor",
    "knownto.guarding",
    "knownto.glass",
    "knownto.footprint",
    "knownto.quality",
    "knownto.identity",
    "knownto.feeds",
    "knownto.casework",
    "knownto.witnessing",
    "knownto.disclosure",
    "knownto.firewall",
    "knownto.access",
    "knownto.partners",
    "knownto.ledger",
    "knownto.keyring",
    "knownto.face",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "django.forms",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
]
# Only what exists is installed, so that a module can be taken out by taking out its folder.
_there = [name for name in INSTALLED_APPS if (PROJECT / "src" / name.replace(".", "/")).is_dir()]
INSTALLED_APPS = [name for name in INSTALLED_APPS if name in _there or not name.startswith("knownto.")]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "knownto.site.latencies.Latencies",
    "knownto.site.headers.Headers",
    "knownto.site.health.Health",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "knownto.site.idle.IdleLock",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "knownto.access.middleware.Asking",
    "knownto.firewall.last_wall.LastWall",
    "knownto.site.first_password.FirstPassword",
]

ROOT_URLCONF = "knownto.site.addresses"
WSGI_APPLICATION = "knownto.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "knownto.site.navigation.everywhere",
            ],
            "builtins": ["knownto.face.templatetags.face"],
        },
    }
]
FORM_RENDERER = "knownto.face.forms.Renderer"

# Sign-in
AUTH_USER_MODEL = "partners.Worker"
AUTHENTICATION_BACKENDS = ["knownto.site.sign_in.BySealedName"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "knownto.site.passwords.NotOfLocalWords"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = "sign_in"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
ACCOUNT_LOGOUT_ON_GET = False
# Whom a limit counts, and why no limit is by name alone: knownto.site.limits
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": "5/5m/key,60/m/ip",
    "login_failed_here": "10/5m/key",
}
ACCOUNT_FORMS = {
    "login": "knownto.site.forms.SignIn",
    "reauthenticate": "knownto.site.forms.PasswordAgain",
    "change_password": "knownto.site.forms.NewPassword",
}
MFA_FORMS = {
    "authenticate": "knownto.site.forms.SecondFactorCode",
    "reauthenticate": "knownto.site.forms.CodeAgain",
    "activate_totp": "knownto.site.forms.FirstCode",
}
ACCOUNT_ADAPTER = "knownto.site.sign_in.Accounts"
ACCOUNT_SESSION_REMEMBER = False
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("KNOWNTO_PROXIES", "0"))  # else every client has the proxy's address
MFA_ADAPTER = "knownto.site.sign_in.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Knownto"
MFA_TOTP_TOLERANCE = 0  # steps of 30 s: a used code is remembered for one step only, so it may be right for no longer

# Sessions: sealed at rest, short, gone with the browser
SESSION_ENGINE = "knownto.keyring.sessions"
SESSION_COOKIE_AGE = 10 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_NAME = "__Host-knownto" if TLS else "knownto"  # browsers keep __Host- to this very host, and to TLS
CSRF_COOKIE_NAME = "__Host-csrftoken" if TLS else "csrftoken"
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "knownto.site.pages.errors.form_expired"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TLS
SECURE_SSL_REDIRECT = TLS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TLS else None
IDLE_LOCK_SECONDS = 5 * 60
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
    "manifest-src": ["'self'"],
}

# Notices by mail: a reference, never a name. Without a server they stay on the page.
MAIL_URL = os.environ.get("KNOWNTO_MAIL_URL", "")
ADDRESS = os.environ.get("KNOWNTO_ADDRESS", "http://localhost:8000")
MAIL_FROM = os.environ.get("KNOWNTO_MAIL_FROM", f"no-reply@{urlsplit(ADDRESS).hostname}")

# Who is told about a hole in the product (/.well-known/security.txt)
SECURITY_CONTACT = os.environ.get("KNOWNTO_SECURITY_CONTACT", "mailto:security@example.org")
SECURITY_CONTACT_UNTIL = "2027-12-31T00:00:00Z"

# Limits on what anybody can send
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 4
# No upload is ever written to disk unsealed: the page that takes files has a handler that seals as it reads.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = False

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "site_cache",
        "KEY_FUNCTION": "knownto.site.limits.blind",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # a flood of guesses must not push out the count of earlier ones
    }
}

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"  # else a worker would know only the jobs that something imported

LEDGER_NAME = os.environ.get("KNOWNTO_LEDGER_NAME", "hallowbridge.example/ledger")

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = False
FORMAT_MODULE_PATH = None

# What other people's pages need (their views cannot say it themselves)
ROUTE_PERMISSIONS = {
    "account_login": Permission.SIGN_IN,
    "account_logout": Permission.SIGN_IN,
    "mfa_authenticate": Permission.SIGN_IN,
    "account_reauthenticate": Permission.OWN_ACCOUNT,
    "mfa_reauthenticate": Permission.OWN_ACCOUNT,
    "account_change_password": Permission.OWN_ACCOUNT,
    "mfa_index": Permission.OWN_ACCOUNT,
    "mfa_activate_totp": Permission.OWN_ACCOUNT,
    "mfa_deactivate_totp": Permission.OWN_ACCOUNT,
    "mfa_view_recovery_codes": Permission.OWN_ACCOUNT,
    "mfa_generate_recovery_codes": Permission.OWN_ACCOUNT,
    "mfa_download_recovery_codes": Permission.OWN_ACCOUNT,
}

# Logs: levels, routes and exception types only. Never a body, a query string, a parameter or a value.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"bare": {"()": "knownto.site.logs.Bare"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "bare"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "django.server": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "knownto": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
}
