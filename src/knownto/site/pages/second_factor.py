"""One's own second factor and password: the sign-in package's pages, with what must follow from them."""

from typing import Any

from allauth.account.views import PasswordChangeView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.decorators import method_decorator

from knownto.access import clock
from knownto.ledger.acts import record
from knownto.partners import acts as partners
from knownto.site import sessions


class SetUp(ActivateTOTPView):
    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        sessions.second_factor_given(self.request)
        return response


class Remove(DeactivateTOTPView):
    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        sessions.second_factor_removed(self.request)
        return response


@method_decorator(login_required, name="dispatch")
class ChangePassword(PasswordChangeView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_usable_password():
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        partners.own_password_chosen(worker=self.request.user)
        record(kind="password-changed", by=sessions.actor(self.request.user), now=clock.now())
        return response
