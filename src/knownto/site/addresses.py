"""Every address there is. Each module keeps its own; this says where they hang."""

from importlib.util import find_spec

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from django.urls import URLResolver, include, path

from knownto.policy import Permission
from knownto.site.pages import agreements, demo, errors, health, home, plain, roles, screen, second_factor, workers

handler400 = errors.unreadable
handler403 = errors.not_found
handler404 = errors.not_found
handler500 = errors.broken

NAVIGATION = [
    ("Accounts", "workers", Permission.WORKERS, "Open and close accounts, and give roles."),
]


def _module(name: str, at: str) -> list[URLResolver]:
    """The addresses of a module, where it is there: taking out its folder takes out its pages."""
    there = find_spec(f"knownto.{name}") and find_spec(f"knownto.{name}.addresses")
    return [path(at, include(f"knownto.{name}.addresses"))] if there else []


def _words(heading: str, button: str = "Continue", **more: str) -> dict[str, dict[str, str]]:
    return {"extra_context": {"heading": heading, "button_text": button} | more}


SIGN_IN = [
    path("sign-in/", account.LoginView.as_view(**_words("Sign in", "Sign in")), name="account_login"),
    path("sign-in/code/", mfa.AuthenticateView.as_view(**_words("Enter your code")), name="mfa_authenticate"),
    path("sign-out/", account.LogoutView.as_view(**_words("Sign out", "Sign out", cancel="/")), name="account_logout"),
    path("locked/", screen.unlock, name="unlock"),
    path("locked/keep/", screen.keep, name="keep"),
    path("locked/resume/", screen.resume, name="resume"),
    path("still-here/", screen.still_here, name="still-here"),
    path("demo/", demo.personas, name="demo"),
    path("demo/<str:code>/", demo.become, name="demo-become"),
]

# One's own account: (address, view, route, heading, button)
OWN = (
    ("", mfa.IndexView, "mfa_index", "Your account", ""),
    ("password/", second_factor.ChangePassword, "account_change_password", "Change your password", "Change password"),
    (
        "confirm/password/",
        account.ReauthenticateView,
        "account_reauthenticate",
        "Enter your password again",
        "Continue",
    ),
    ("confirm/code/", mfa.ReauthenticateView, "mfa_reauthenticate", "Enter a code again", "Continue"),
    ("second-factor/set-up/", second_factor.SetUp, "mfa_activate_totp", "Set up your second factor", "Continue"),
    ("second-factor/remove/", second_factor.Remove, "mfa_deactivate_totp", "Replace your second factor", "Remove it"),
    ("recovery-codes/", codes.ViewRecoveryCodesView, "mfa_view_recovery_codes", "Your recovery codes", ""),
    ("recovery-codes/new/", codes.GenerateRecoveryCodesView, "mfa_generate_recovery_codes", "New codes", "Make them"),
)
ACCOUNT = [
    path(f"account/{at}", view.as_view(**_words(heading, button, back="/account/" if at else "/")), name=name)
    for at, view, name, heading, button in OWN
]
ACCOUNT.append(
    path("account/recovery-codes/download/", codes.download_recovery_codes, name="mfa_download_recovery_codes")
)

PARTNERS = [
    path("agreements/", agreements.in_force, name="agreements"),
    path("agreements/<slug:agency>/", agreements.one, name="agreement"),
    path("roles/", roles.all_roles, name="roles"),
    path("accounts/", workers.accounts, name="workers"),
    path("accounts/new/", workers.new, name="worker-new"),
    path("accounts/<uuid:worker>/", workers.one, name="worker"),
    path("accounts/<uuid:worker>/roles/", workers.roles, name="worker-roles"),
    path("accounts/<uuid:worker>/close/", workers.close, name="worker-close"),
    path("accounts/<uuid:worker>/first-password/", workers.first_password, name="worker-first-password"),
    path("accounts/<uuid:worker>/second-factor/", workers.reset_second_factor, name="worker-second-factor"),
]

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("robots.txt", plain.robots, name="robots"),
    path(".well-known/security.txt", plain.security, name="security"),
    *SIGN_IN,
    *ACCOUNT,
    *PARTNERS,
    *_module("casework", "work/"),
    *_module("pathways.frontdoor", "front-door/"),
    *_module("glass", "break-glass/"),
    *_module("footprint", "search/"),
    *_module("identity", "who-is-who/"),
    *_module("guarding", "guarding/"),
    *_module("quality", "feeds/quality/"),
    *_module("feeds", "feeds/"),
    *_module("firewall", "protected/"),
    *_module("assurance", "assurance/"),
    *_module("api", "api/"),
]
