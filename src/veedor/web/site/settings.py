"""Django's settings, from a site's folder and the environment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import dj_database_url

from veedor.languages import languages
from veedor.web.pages.assets import digest
from veedor.web.site.folder import read_site
from veedor.web.site.logs import logging_settings
from veedor.web.site.opening import FOLDER

VEEDOR_SITE = read_site(Path(os.environ[FOLDER]))
_about, _mail = VEEDOR_SITE.settings.site, VEEDOR_SITE.settings.mail

SECRET_KEY = VEEDOR_SITE.secret
SECRET_KEY_FALLBACKS = list(VEEDOR_SITE.former)
DEBUG = False
ALLOWED_HOSTS = [VEEDOR_SITE.host]
ROOT_URLCONF = "veedor.web.site.urls"
WSGI_APPLICATION = "veedor.web.site.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "django_htmx",
    "veedor.web.pages",
    "veedor.web.accounts.apps.Accounts",
    "veedor.web.projects",
    "veedor.web.looks.apps.Looks",
    "veedor.web.observatory",
    "veedor.web.work",
    "veedor.web.reading",
    "veedor.web.disclosure.apps.Disclosure",
    "veedor.web.backups",
]

MIDDLEWARE = [
    "veedor.web.site.logs.Requests",
    "veedor.web.pages.headers.Headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "veedor.web.site.limits.Limits",
    "veedor.web.accounts.sessions.Sessions",
    "veedor.web.accounts.second_factor.SecondFactor",
    "veedor.web.looks.acting.Acting",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "veedor.web.pages.jinja.environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "veedor.web.pages.jinja.of_request",
            ],
        },
    }
]

#: For how long a connection is kept from one request to the next.
_KEPT_S = 60

_SQLITE = {
    "ENGINE": "veedor.web.site.sqlite",
    "NAME": str(VEEDOR_SITE.database),
    "CONN_MAX_AGE": _KEPT_S,
    "CONN_HEALTH_CHECKS": True,
    "OPTIONS": {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    },
}
#: A server of databases that is gone is not waited for, and one that is back is found at once.
_CONNECT_S = 5


def server_of(url: str) -> dict[str, Any]:
    """Return what Django is told of the database that a URL names."""
    made: dict[str, Any] = dict(
        dj_database_url.parse(url, conn_max_age=_KEPT_S, conn_health_checks=True)
    )
    if made["ENGINE"].endswith("postgresql"):
        made["OPTIONS"] = {"connect_timeout": _CONNECT_S, **made.get("OPTIONS", {})}
    return made


DATABASES = {
    "default": server_of(os.environ["DATABASE_URL"]) if os.environ.get("DATABASE_URL") else _SQLITE
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LOGGING = logging_settings()

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# A file is taken only by the one address that asks for one.
FILE_UPLOAD_HANDLERS = ["veedor.web.projects.receiving.Refusing"]

#: Of cookies: a browser takes one so called from this host alone.
_PREFIX = "__Host-" if VEEDOR_SITE.secure else ""

# Languages and times. Instants are UTC; pages show them in the site's own zone.
LANGUAGE_CODE = _about.language
LANGUAGES = [(code, code) for code in languages()]
LANGUAGE_COOKIE_NAME = f"{_PREFIX}veedor_language"
LANGUAGE_COOKIE_AGE = 365 * 86_400
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = VEEDOR_SITE.secure
USE_TZ = True
TIME_ZONE = "UTC"

# What is fetched by its digest is kept for good.
STATIC_URL = f"/static/{digest()}/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_MAX_AGE = 365 * 86_400

# Accounts.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["veedor.web.accounts.hashing.Hasher"]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": "veedor.web.accounts.passwords.NotOfThePlace"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "veedor.web.accounts.adapter.Adapter"
MFA_ADAPTER = "veedor.web.accounts.adapter.FactorAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_METHODS = ["password", "mfa"]
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGIN_TIMEOUT = 10 * 60
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if VEEDOR_SITE.secure else "http"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = VEEDOR_SITE.host == "localhost"
MFA_TOTP_ISSUER = _about.title
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "veedor.web.accounts.forms.SignInCode",
    "authenticate_webauthn": "veedor.web.accounts.forms.SignInKey",
    "reauthenticate": "veedor.web.accounts.forms.CodeAgain",
}
PASSWORD_RESET_TIMEOUT = 3600
# Guessing codes needs the password first, so that a stranger locks nobody out by these.
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/300s/key"}

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "veedor.web.accounts.attempts.name_of"
AXES_CLIENT_IP_CALLABLE = "veedor.web.accounts.attempts.client_address"
AXES_LOCKOUT_CALLABLE = "veedor.web.accounts.attempts.locked"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_DISABLE_ACCESS_LOG = True
AXES_RESET_ON_SUCCESS = True

# Cookies and browsers.
SESSION_COOKIE_NAME = f"{_PREFIX}veedor_session"
CSRF_COOKIE_NAME = f"{_PREFIX}csrftoken"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = VEEDOR_SITE.secure
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = VEEDOR_SITE.secure
CSRF_FAILURE_VIEW = "veedor.web.pages.views.forged"
CSRF_TRUSTED_ORIGINS = [_about.address.rstrip("/")]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 86_400 if VEEDOR_SITE.secure else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _about.proxies else None
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Mail.
EMAIL_BACKEND = "veedor.web.accounts.mail.Backend"
VEEDOR_MAIL_BACKEND = (
    f"django.core.mail.backends.{'smtp' if _mail.host else 'filebased'}.EmailBackend"
)
EMAIL_FILE_PATH = str(VEEDOR_SITE.mail)
EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER = _mail.host, _mail.port, _mail.user
EMAIL_HOST_PASSWORD = os.environ.get("VEEDOR_MAIL_PASSWORD", "")
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.encryption == "starttls", _mail.encryption == "tls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = _mail.sender
