"""Look through our records once more."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from knownto.access.pages import page
from knownto.access.refusals import NotPossibleNow
from knownto.policy import Permission
from knownto.quality import acts


@page(Permission.FEEDS_OWN)
@require_POST
def again(request: HttpRequest) -> HttpResponse:
    try:
        acts.check_again(by=request.viewer, now=request.now)
    except NotPossibleNow as refused:
        messages.warning(request, refused.because)
    return redirect("quality:overview")
