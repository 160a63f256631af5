"""The questions asked when signing in, in our words; the checking is the sign-in package's."""

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as CodeAgainForm
from allauth.mfa.totp.forms import ActivateTOTPForm

from knownto.face.fields import Code, Password, Text
from knownto.face.look import Look

WORDS = "At least 12 characters. Three words that do not belong together are a good choice."
SIX = "The six figures that your authenticator app shows now."


def _password(label: str, autocomplete: str = "current-password", hint: str = "") -> Password:
    return Password(label=label, hint=hint, autocomplete=autocomplete, look=Look(width=20), max_length=200)


def _code(hint: str) -> Code:
    return Code(label="Code", hint=hint, look=Look(width=10), max_length=20)


class SignIn(LoginForm):
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = Text(label="Sign-in name", autocomplete="username", max_length=100, look=Look(width=20))
        self.fields = {"login": name, "password": _password("Password")}


class PasswordAgain(ReauthenticateForm):
    use_required_attribute = False
    password = _password("Password")


class NewPassword(ChangePasswordForm):
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"] = _password("Password you use now")
        asked = {"password1": "New password", "password2": "New password again"}
        for name, label in asked.items():
            field = self.fields[name]
            field.label, field.widget.attrs["placeholder"] = label, ""
        self.fields["password1"].help_text = WORDS


class SecondFactorCode(AuthenticateForm):
    use_required_attribute = False
    code = _code(SIX + " Or one of your recovery codes.")


class CodeAgain(CodeAgainForm):
    use_required_attribute = False
    code = _code(SIX + " Or one of your recovery codes.")


class FirstCode(ActivateTOTPForm):
    use_required_attribute = False
    code = _code(SIX)
