"""Writing a referral: one thing a page, saved as it is typed, in any order, on any device of one's own."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime

from knownto.access.pages import page
from knownto.face import forms
from knownto.face.parts import Tag, Task
from knownto.partners import offices
from knownto.partners.models import Team
from knownto.pathways.frontdoor import drafts, levels, questions
from knownto.pathways.frontdoor.asking_form import form_for, typed_in
from knownto.pathways.frontdoor.drafts import Opened
from knownto.pathways.frontdoor.questions import Step
from knownto.pathways.frontdoor.writing import Written
from knownto.policy import Permission

BY_ITSELF = "X-Autosave"
HEADINGS = {"child": "Refer a child", "adult": "Refer an adult"}


class Kind(forms.Form):
    kind = forms.Choice(
        label="Whom are you worried about?",
        missing="Select whom you are worried about",
        options=[
            forms.Option("child", "A child", "Or a child who is not born yet, or several children"),
            forms.Option("adult", "An adult with care and support needs"),
        ],
        look=forms.Look(size="m"),
    )


@page(Permission.REFER)
def start(request: HttpRequest) -> HttpResponse:
    """Whom it is about. What was begun before is offered first: nobody should write the same twice."""
    form = Kind(request.POST or None)
    if request.method == "POST" and form.is_valid():
        written = Written(form.cleaned_data["kind"], request.viewer.agency, once=usual(request))
        draft = drafts.begin(by=request.viewer, written=written, now=request.now)
        return redirect(address(draft, written.steps()[0]))
    values = {"form": form, "heading": "Refer", "button_text": "Continue", "ring": ring(), "now": request.now}
    return render(request, "frontdoor/refer_start.html", values | {"begun": len(drafts.of(request.viewer))})


def usual(request: HttpRequest) -> dict[str, Any]:
    """What is the same in each of a worker's referrals: how their team is reached."""
    team = Team.objects.filter(worker=request.viewer.worker_id).first()
    return {"writer_phone": team.phone} if team else {}


def ring() -> list[Team]:
    """Whom to ring when it cannot wait for a form: the hub, and those who are there when it is closed.

    Where an office is not set up the form is there all the same: it must never wait for a setting.
    """
    found = []
    for office in ("hub", "night"):
        with suppress(offices.NoSuchOffice):
            found.append(offices.team_of(office))
    return found


@page(Permission.REFER)
def overview(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Everything that is asked, and how far it is."""
    opened = drafts.own(request.viewer, draft)
    if opened.sent_as:
        return redirect("frontdoor:sent-one", opened.sent_as)
    values = {
        "heading": HEADINGS[opened.written.kind],
        "sections": _sections(opened),
        "draft": opened,
        "now": request.now,
        "back": reverse("frontdoor:drafts"),
    }
    return render(request, "frontdoor/refer_overview.html", values)


def _sections(opened: Opened) -> list[tuple[str, list[Task]]]:
    found: dict[str, list[Task]] = {}
    for step in opened.written.steps():
        found.setdefault(step.page.section, []).append(_task(opened, step))
    return list(found.items())


def _task(opened: Opened, step: Step) -> Task:
    started = opened.written.started(step)
    title = step.page.title_for(opened.written.kind)
    hint = opened.written.name_of(step) or (f"Number {step.number}" if step.number > 1 else "")
    return Task(title, "Answered" if started else Tag("Not yet", "grey"), address(opened.id, step), hint=hint)


def address(draft: UUID, step: Step) -> str:
    """Where that page is. Opaque: a draft's id, a page's code and a number."""
    if step.number:
        return reverse("frontdoor:refer-each", args=[draft, step.page.code, step.number])
    return reverse("frontdoor:refer-page", args=[draft, step.page.code])


@page(Permission.REFER)
def one(request: HttpRequest, draft: UUID, code: str, number: int = 0) -> HttpResponse:
    """One page of it. What is sent is kept whether or not it is right, and only then looked at."""
    opened = drafts.own(request.viewer, draft)
    if opened.sent_as:
        return redirect("frontdoor:sent-one", opened.sent_as)
    step = _step(opened, code, number)
    if request.method == "POST":
        return _saved(request, opened, step)
    return _shown(request, opened, step, check=False)


def _step(opened: Opened, code: str, number: int) -> Step:
    """That page of this draft, or the page of one more child or adult. Raises Http404."""
    found = questions.pages().get(code)
    if found is None or opened.written.kind not in found.kinds or bool(found.each) != bool(number):
        raise Http404
    step = Step(found, number)
    there = {(each.page.code, each.number) for each in opened.written.steps()}
    if (code, number) not in there and not (found.add and (code, number - 1) in there):
        raise Http404
    return step


def _saved(request: HttpRequest, opened: Opened, step: Step) -> HttpResponse:
    typed = typed_in(opened.written.asked(step), request.POST)
    kept = drafts.save(by=request.viewer, draft=opened.id, step=step, typed=typed, now=request.now)
    if request.headers.get(BY_ITSELF):
        return JsonResponse({"saved": f"{localtime(kept.saved_at):%H:%M}"})
    if not _form(request, kept, step, check=True).is_valid():
        return _shown(request, kept, step, check=True)
    return redirect(_onward(request, kept, step))


def _onward(request: HttpRequest, opened: Opened, step: Step) -> str:
    go = request.POST.get("go", "")
    if go == "another" and step.page.add and opened.written.started(step):
        return address(opened.id, Step(step.page, step.number + 1))
    if go == "later":
        messages.success(request, "Saved. You can go on with it on any device.")
        return reverse("frontdoor:drafts")
    if request.GET.get("then") == "check":
        return reverse("frontdoor:refer-check", args=[opened.id])
    return _next(opened, step)


def _next(opened: Opened, step: Step) -> str:
    """The page after it. One that was left empty for one more child is not there: the page after the last child's."""
    steps = opened.written.steps()
    here = max(at for at, each in enumerate(steps) if each.page.code == step.page.code and each.number <= step.number)
    if here + 1 < len(steps):
        return address(opened.id, steps[here + 1])
    return reverse("frontdoor:refer-check", args=[opened.id])


def _same(one: Step, other: Step) -> bool:
    return one.page.code == other.page.code and one.number == other.number


def _form(request: HttpRequest, opened: Opened, step: Step, *, check: bool) -> forms.Form:
    shown = levels.current(request.now).values()
    return form_for(opened.written.asked(step), opened.written.typed(step), check=check, levels=shown)


def _shown(request: HttpRequest, opened: Opened, step: Step, *, check: bool) -> HttpResponse:
    page_ = step.page
    title = page_.title_for(opened.written.kind)
    values = {
        "heading": title,
        "form": _form(request, opened, step, check=check),
        "page": page_,
        "step": step,
        "draft": opened,
        "who": opened.written.name_of(step),
        "back": _back(opened, step),
        "ring": ring(),
        "levels": levels.current(request.now).values(),
        "removes": bool(page_.add) and opened.written.started(step),
        "adds": page_.add,
        "place": _place(opened, step),
        "training": _training(opened, step),
    }
    return render(request, page_.template, values)


def _training(opened: Opened, step: Step) -> str:
    """Where to learn to use the prompt, on the page that has it."""
    prompts = any(each.name.startswith(questions.LIVED) for each in opened.written.asked(step))
    return questions.aware_training() if prompts else ""


def _place(opened: Opened, step: Step) -> str:
    """How far along: so that nobody wonders how long it goes on."""
    steps = opened.written.steps()
    at = next((n for n, each in enumerate(steps, 1) if _same(each, step)), 0)
    return f"Page {at} of {len(steps)}" if at else ""


def _back(opened: Opened, step: Step) -> str:
    steps = opened.written.steps()
    at = next((n for n, each in enumerate(steps) if _same(each, step)), len(steps))
    return address(opened.id, steps[at - 1]) if at > 0 else reverse("frontdoor:refer-overview", args=[opened.id])


@page(Permission.REFER)
def remove(request: HttpRequest, draft: UUID, code: str, number: int) -> HttpResponse:
    """Leave a child or an adult out again."""
    opened = drafts.own(request.viewer, draft)
    step = _step(opened, code, number)
    if not step.page.add:
        raise Http404
    if request.method == "POST":
        drafts.leave_out(by=request.viewer, draft=draft, step=step, now=request.now)
        messages.success(request, "Taken out of this referral.")
        return redirect("frontdoor:refer-overview", draft)
    values = {
        "heading": "Take them out of this referral?",
        "who": opened.written.name_of(step),
        "button_text": "Take them out",
        "back": address(draft, step),
        "cancel": address(draft, step),
    }
    return render(request, "frontdoor/refer_remove.html", values)
