"""The components: what they say, what they escape, and how pages answer refusals."""

import re
from datetime import date

import pytest
from django.template.loader import render_to_string

from knownto.face.charts import Bar, Bars, FootprintStrip, Lane, Month
from knownto.face.parts import Column, Line, Link, Pages, Phone, Progress, Table, Tag
from knownto.face.tests import sample


def shown(template: str, **values) -> str:
    return render_to_string(template, values)


def strip_html() -> str:
    return shown("face/parts/footprint_strip.html", strip=sample.strip())


def test_it_gives_no_page_an_inline_style_or_script():
    for name in ("everything", "board", "paper"):
        html = sample.render(f"face_sample/{name}.html", sample.context(wrong=name == "everything"))
        assert " style=" not in html and not re.search(r"\son\w+=", html)
        assert all(" src=" in tag for tag in re.findall(r"<script[^>]*>", html))


def test_it_puts_error_first_in_the_title_only_when_something_is_wrong():
    right = sample.render("face_sample/everything.html", sample.context())
    wrong = sample.render("face_sample/everything.html", sample.context(wrong=True))
    assert "<title>Every component - Knownto</title>" in right
    assert "<title>Error: Every component - Knownto</title>" in wrong


def test_it_gives_every_id_once():
    ids = re.findall(r'\sid="([^"]+)"', sample.render("face_sample/everything.html", sample.context(wrong=True)))
    assert len(ids) == len(set(ids))


def test_it_escapes_what_it_is_given():
    nasty = "<b>Robert</b>"
    table = Table(nasty, [Column(nasty)], [[nasty], [Tag(nasty)], [Link(nasty, '"x')], [Phone(nasty)]])
    html = shown("face/parts/table.html", table=table)
    assert "<b>" not in html and html.count("&lt;b&gt;Robert") >= 5 and '"x"' not in html


def test_it_refuses_a_row_that_does_not_fit_its_columns():
    with pytest.raises(ValueError, match="zip"):
        Table("Checks", [Column("A"), Column("B")], [["only one"]]).lines()


def test_it_says_when_a_table_is_empty():
    html = shown("face/parts/table.html", table=Table("Checks", [Column("A")], [], empty="No open checks."))
    assert "No open checks." in html and "<table" not in html


def test_it_marks_a_line_without_changing_its_words():
    table = Table("Checks", [Column("A")], [Line(["CK-1"], mark="late")])
    assert "kt-line--late" in shown("face/parts/table.html", table=table)


def test_it_dials_the_number_without_its_spaces():
    assert 'href="tel:01632960101"' in str(Phone("01632 960 101"))


def test_it_pages_without_totals():
    html = shown("face/parts/pagination.html", pages=Pages(previous="?a", next="?b"))
    assert not re.search(r">[^<]*\d[^<]*<", html)
    assert shown("face/parts/pagination.html", pages=Pages()).strip() == ""


def test_it_says_how_far_long_work_is():
    html = shown("face/parts/progress.html", progress=Progress("Loading", 4200, 10000))
    assert "4200 of 10000 rows (42%)" in html
    assert Progress("Loading", 9999, 10000).per_cent == 99, "100 means finished"
    assert "<progress" not in shown("face/parts/progress.html", progress=Progress("Loading", 7, 0))


def test_the_strip_says_in_words_what_it_draws():
    html = strip_html()
    assert "April 2026: 12 contacts" in html and "19 contacts" in html and "No contact in this feed" in html
    assert "Could not check: last file 9 days ago" in html and "Not held here. Ring to ask" in html


def test_the_strip_has_a_name_and_a_description_for_each_picture_and_a_table():
    html = strip_html()
    pictures = re.findall(r'<svg[^>]*role="img".*?</svg>', html, re.DOTALL)
    assert len(pictures) == 3 and all("<title>" in each and "<desc>" in each for each in pictures)
    assert html.count('<th scope="row"') == 5


def test_the_strip_never_draws_could_not_check_as_nothing_known():
    months = [date(2026, 1, 1)]
    unchecked = FootprintStrip(months, [Lane("School", note="unchecked")])
    nothing = FootprintStrip(months, [Lane("School", [Month()])])
    drawn = shown("face/parts/footprint_strip.html", strip=unchecked).split('<ul class="kt-strip__key"')[0]
    assert "No contact in this feed" not in drawn and "kt-svg-none" not in drawn and "Could not check" in drawn
    assert "No contact in this feed" in shown("face/parts/footprint_strip.html", strip=nothing)


def test_the_strip_joins_open_months_into_one_line():
    months = [date(2026, month, 1) for month in range(1, 5)]
    lane = Lane("Police", [Month(open=True), Month(open=True), Month(), Month(open=True)])
    assert FootprintStrip(months, [lane]).drawn()[0]["runs"] == [(0, 56), (84, 112)]


def test_bars_are_measured_against_the_longest():
    drawn = Bars("Files", [Bar("A", 40), Bar("B", 10, said="10 (20%)"), Bar("C", 0)]).drawn()
    assert [(bar["said"], bar["length"]) for bar in drawn] == [("40", 100.0), ("10 (20%)", 25.0), ("0", 0.0)]
    assert Bars("Files", [Bar("A", 0)]).drawn()[0]["length"] == 0


def test_none_and_not_yours_look_the_same():
    assert render_to_string("403.html") == render_to_string("404.html")


def test_a_failure_never_reads_as_not_known():
    words = render_to_string("500.html")
    assert "could not check" in words and "does not mean that somebody is not known" in words
