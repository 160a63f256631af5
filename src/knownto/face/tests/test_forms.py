"""The form renderer: the right component for each field, errors that help, and links that lead somewhere."""

import re
from datetime import date
from html.parser import HTMLParser

import django.forms
import pytest
from django.template import Context, Engine

from knownto.face import dates, forms, rendering
from knownto.face.tests.sample import WRONG, Question


def ids_of(html: str) -> list[str]:
    return re.findall(r'\sid="([^"]+)"', html)


def summary(*asked: django.forms.BaseForm) -> str:
    engine = Engine(libraries={"face": "knownto.face.templatetags.face"}, app_dirs=True)
    source = "{% load face %}{% error_summary " + " ".join(f"f{n}" for n in range(len(asked))) + " %}"
    return engine.from_string(source).render(Context({f"f{n}": form for n, form in enumerate(asked)}))


def made(**fields: django.forms.Field) -> type[forms.Form]:
    return type("Made", (forms.Form,), fields)


@pytest.mark.parametrize(
    ("widget", "kind"),
    [
        (django.forms.CheckboxSelectMultiple(), "checkboxes"),
        (django.forms.RadioSelect(), "radios"),
        (django.forms.CheckboxInput(), "tick"),
        (django.forms.Select(), "select"),
        (django.forms.SelectMultiple(), "select"),
        (django.forms.Textarea(), "textarea"),
        (django.forms.ClearableFileInput(), "file"),
        (django.forms.PasswordInput(), "password"),
        (django.forms.SplitDateTimeWidget(), "several"),
        (django.forms.EmailInput(), "text"),
    ],
)
def test_it_finds_the_component_of_every_widget(widget, kind):
    assert rendering.kind_of(widget) == kind


def test_it_draws_checkboxes_as_checkboxes_though_their_class_is_a_kind_of_radio():
    html = str(Question()["areas"].as_field_group())
    assert html.count('type="checkbox"') == 3 and 'type="radio"' not in html


def test_it_gives_every_input_a_label_and_every_id_once():
    html = str(Question(WRONG))
    ids = ids_of(html)
    assert len(ids) == len(set(ids))
    labelled = set(re.findall(r'<label[^>]* for="([^"]+)"', html))
    inputs = set(re.findall(r'<(?:input|select|textarea)(?![^>]*type="hidden")[^>]* id="([^"]+)"', html))
    assert inputs and inputs <= labelled


def test_it_describes_inputs_only_by_what_is_there():
    for form in (Question(), Question(WRONG)):
        html = str(form)
        described = {id_ for value in re.findall(r'aria-describedby="([^"]+)"', html) for id_ in value.split()}
        assert described <= set(ids_of(html))


def test_it_links_every_fault_to_an_input_that_takes_focus():
    form = Question(WRONG)
    linked = re.findall(r'<a href="#([^"]+)"', summary(form))
    inputs = set(re.findall(r'<(?:input|select|textarea)[^>]* id="([^"]+)"', str(form)))
    assert len(linked) == len(form.errors) and set(linked) <= inputs


@pytest.mark.parametrize(
    ("typed", "link", "message"),
    [
        (("", "3", "2014"), "id_born_day", "Date of birth must include a day"),
        (("27", "", ""), "id_born_month", "Date of birth must include a month and year"),
        (("27", "3", "14"), "id_born_year", "Date of birth must have a year of 4 numbers"),
        (("31", "2", "2014"), "id_born_day", "Date of birth must be a real date"),
        (("27", "Marzo", "2014"), "id_born_day", "Date of birth must be a real date"),
        (("٢٧", "3", "0000"), "id_born_day", "Date of birth must be a real date"),
        (("", "", ""), "id_born_day", "Enter date of birth"),
    ],
)
def test_it_links_a_date_to_the_first_piece_that_is_wrong(typed, link, message):
    form = made(born=forms.Date(label="Date of birth"))(
        dict(zip(("born_day", "born_month", "born_year"), typed, strict=True))
    )
    assert list(rendering.faults(form)) == [(link, message)]
    marked = re.findall(r'govuk-input--error" id="([^"]+)"', str(form))
    assert marked[0] == link


@pytest.mark.parametrize("month", ["3", "03", "Mar", "march", "MAR."])
def test_it_reads_a_month_as_people_write_it(month):
    form = made(born=forms.Date(label="Born"))({"born_day": " 7 ", "born_month": month, "born_year": "2014"})
    assert form.is_valid() and form.cleaned_data["born"] == date(2014, 3, 7)


def test_it_shows_a_date_that_was_known_before():
    html = str(made(born=forms.Date(label="Born"))(initial={"born": date(2014, 3, 7)}))
    assert re.findall(r' value="(\d+)"', html) == ["7", "3", "2014"]


def test_it_knows_whether_a_date_changed():
    asked = made(born=forms.Date(label="Born"))
    typed = {"born_day": "7", "born_month": "3", "born_year": "2014"}
    assert not asked(typed, initial={"born": date(2014, 3, 7)}).has_changed()
    assert asked(typed, initial={"born": date(2014, 3, 8)}).has_changed()


def test_it_lets_a_page_mark_one_piece_of_a_date():
    form = made(born=forms.Date(label="Born"))({"born_day": "7", "born_month": "3", "born_year": "2090"})
    form.full_clean()
    form.add_error("born", dates.wrong("Date of birth must be in the past", ["year"]))
    assert list(rendering.faults(form)) == [("id_born_year", "Date of birth must be in the past")]


def test_it_asks_for_a_revealed_answer_only_once_revealed():
    sent = {name: value for name, value in WRONG.items() if name != "reference"}
    assert "reference" in Question(sent).errors
    assert "reference" not in Question(sent | {"purpose": "worry"}).errors


def test_it_drops_what_was_typed_before_changing_ones_mind():
    form = Question(WRONG | {"purpose": "worry", "reference": "QK-1"})
    form.full_clean()
    assert form.cleaned_data["reference"] == ""


def test_it_shows_a_revealed_question_once_inside_its_answer():
    html = str(Question())
    assert html.count('name="reference"') == 1
    assert re.search(r'id="id_purpose_1-reveals">.*name="reference"', html, re.DOTALL)


def test_it_refuses_none_of_these_beside_one_of_these():
    assert "areas" in Question(WRONG).errors
    assert "areas" not in Question(WRONG | {"areas": ["none"]}).errors


def test_it_never_repeats_what_was_typed_in_an_error():
    secret = "Zebulon"
    sent = dict.fromkeys((*WRONG, "story", "team", "code", "phone", "sure"), secret)
    sent |= {"areas": [secret], "born_month": "2", "family_name": secret * 20}
    form = Question(sent)
    assert form.errors and secret not in summary(form) + str(form.errors)


def test_it_escapes_what_was_typed():
    html = str(Question({"family_name": '"><script>alert(1)</script>'}))
    assert "<script>" not in html and "&lt;script&gt;" in html


def test_it_tells_browsers_not_to_remember_answers_about_others():
    html = str(Question())
    for name in ("family_name", "born_day", "age", "reference", "story"):
        assert re.search(rf'<[^>]*name="{name}"[^>]*autocomplete="off"', html), name
    assert re.search(r'<input[^>]*name="email"[^>]*autocomplete="email"', html)
    assert re.search(r'<input[^>]*name="code"[^>]*autocomplete="one-time-code"', html)


def test_it_has_no_inline_style_or_script():
    html = str(Question(WRONG))
    assert " style=" not in html and "<script" not in html and not re.search(r"\son\w+=", html)


def test_it_renders_forms_made_of_stock_fields():
    class Stock(django.forms.Form):
        login = django.forms.CharField(widget=django.forms.TextInput(attrs={"placeholder": "Login", "class": "x"}))
        remember = django.forms.BooleanField(required=False)
        when = django.forms.SplitDateTimeField()
        kind = django.forms.ChoiceField(choices=[("a", "A"), ("b", "B")])
        token = django.forms.CharField(widget=django.forms.HiddenInput)

    html = Stock({"token": "t"}, renderer=forms.Renderer()).render()
    assert 'class="govuk-input govuk-input--error"' in html and "placeholder" not in html
    assert 'type="hidden" name="token" value="t"' in html
    assert html.count("govuk-form-group--error") == 3


def test_it_links_form_wide_faults_to_the_first_question():
    class Either(forms.Form):
        name = forms.Text(label="Name", required=False)

        def clean(self):
            super().clean()
            raise django.forms.ValidationError("Enter a name or a date of birth")

    assert list(rendering.faults(Either({}))) == [("id_name", "Enter a name or a date of birth")]
    assert "There is a problem" in summary(Either({}))


def test_it_shows_no_summary_when_nothing_is_wrong():
    assert summary(Question()).strip() == ""


def test_it_offers_choices_learned_when_the_form_is_made():
    form = made(team=forms.Pick(label="Team"))()
    form.fields["team"].offer([("mash", "Front door")])
    assert '<option value="mash">Front door</option>' in str(form)
    assert form.fields["team"].choices[0] == ("", "Select one")


def test_it_says_which_questions_need_no_answer():
    assert "Age, if you can only guess (optional)" in str(Question())
    quiet = type("Quiet", (forms.Form,), {"name": forms.Text(label="Name", required=False), "say_optional": False})
    assert "(optional)" not in str(quiet())


def test_it_makes_the_label_of_the_only_question_the_heading():
    html = str(made(name=forms.Text(label="What is the name?", look=forms.Look(heading=True)))())
    assert re.search(r"<h1[^>]*><label[^>]*>What is the name\?</label></h1>", html)


class _Balance(HTMLParser):
    """Every tag that opens closes, in order."""

    VOID = frozenset({"input", "br", "img", "meta", "link", "hr", "path", "circle", "rect"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open.pop() == tag


def test_it_closes_what_it_opens():
    for form in (Question(), Question(WRONG)):
        balance = _Balance()
        balance.feed(str(form))
        assert balance.open == []


def test_the_balance_test_finds_what_is_left_open():
    with pytest.raises(AssertionError):
        _Balance().feed("<div><p></div>")
