"""The builder takes out what only GOV.UK may use, and does nothing twice."""

import json

import pytest

from knownto.face import build, stylesheets

CROWNED = (
    '@charset "UTF-8";/*! a typeface\'s notice */'
    "@font-face{font-family:GDS Transport;src:url(/assets/fonts/a.woff2)}"
    '.a{font-family:GDS Transport,arial,sans-serif;content:"}{;"}'
    ".govuk-footer__crown,.b:is(.c,.d){color:red}"
    "@media print{.govuk-header__logotype{fill:red}}"
    "@media screen{.e{background:url(/assets/images/tick.svg)}}"
    "@keyframes turn{from{top:0}to{top:1px}}"
)


def test_it_takes_out_typefaces_crowns_and_notices():
    css = stylesheets.own_typeface(stylesheets.keep_rules(CROWNED, build._is_not_a_crown_mark))
    assert "GDS" not in css and "crown" not in css and "logotype" not in css and "@font-face" not in css
    assert "/*" not in css


def test_it_keeps_everything_else():
    css = stylesheets.keep_rules(CROWNED, build._is_not_a_crown_mark)
    assert ".b:is(.c,.d){color:red}" in css
    assert '.a{font-family:GDS Transport,arial,sans-serif;content:"}{;"}' in css
    assert "@keyframes turn{from{top:0}to{top:1px}}" in css
    assert "@media print" not in css, "a media rule left empty is noise"


def test_it_names_the_pictures_that_a_stylesheet_needs():
    css, pictures = stylesheets.own_pictures(CROWNED)
    assert pictures == {"tick.svg"}
    assert "url(images/tick.svg)" in css and "/assets/images" not in css


def test_it_splits_selectors_at_outer_commas_only():
    assert stylesheets.selectors(".a, .b:not(.c,.d),.e") == [".a", ".b:not(.c,.d)", ".e"]


@pytest.fixture(scope="module")
def built():
    build.build()
    return build.VENDOR


def test_it_writes_a_stylesheet_with_nothing_of_the_crown(built):
    css = (built / "design-system.css").read_text().lower()
    for mark in ("gds transport", "crown", "crest", "@font-face", "/assets/", "sourcemapping"):
        assert mark not in css, mark
    assert ".govuk-button{" in css and ".moj-sub-navigation" in css


def test_it_writes_scripts_that_start_themselves_and_import_nothing(built):
    script = (built / "design-system.js").read_text()
    assert script.rstrip().endswith("initAll();")
    assert "export{" not in script and "sourceMappingURL" not in script
    assert "htmx" in (built / "htmx.js").read_text()


def test_it_writes_every_picture_that_the_stylesheet_names(built):
    _, pictures = stylesheets.own_pictures((built / "design-system.css").read_text(), "images/")
    assert not pictures
    named = {part.split(")")[0] for part in (built / "design-system.css").read_text().split("url(images/")[1:]}
    assert named and all((built / "images" / name).is_file() for name in named)


def test_it_does_nothing_when_up_to_date(built):
    before = (built / "design-system.css").stat().st_mtime_ns
    assert build.build() is False
    assert (built / "design-system.css").stat().st_mtime_ns == before


def test_it_builds_again_when_the_lock_changes(built, tmp_path):
    lock = json.loads((build.ROOT / build.LOCK).read_text())
    (tmp_path / "node_modules").symlink_to(build.ROOT / "node_modules")
    (tmp_path / build.LOCK).write_text(json.dumps(lock))
    assert build.build(tmp_path, tmp_path / "vendor") is True
    assert build.build(tmp_path, tmp_path / "vendor") is False
    (tmp_path / build.LOCK).write_text(json.dumps(lock, indent=1))
    assert build.build(tmp_path, tmp_path / "vendor") is True


def test_it_says_what_is_missing_outside_a_checkout(tmp_path):
    with pytest.raises(build.CannotBuild, match="checkout"):
        build.build(tmp_path, tmp_path / "vendor")


def test_it_says_what_is_missing_without_npm(monkeypatch):
    monkeypatch.setattr(build, "_npm_candidates", lambda: iter([["/nowhere/npm"], ["false"]]))
    with pytest.raises(build.CannotBuild, match=r"Install Node\.js"):
        build.find_npm()


def test_it_fails_loudly_when_npm_fails(tmp_path):
    (tmp_path / build.LOCK).write_bytes((build.ROOT / build.LOCK).read_bytes())
    with pytest.raises(build.CannotBuild, match="could not install"):
        build.build(tmp_path, tmp_path / "vendor", npm=["false"])
    assert not (tmp_path / "vendor").exists()


def test_it_locks_packages_by_hash_and_names_no_registry():
    lock = json.loads((build.ROOT / build.LOCK).read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages and all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert "resolved" not in (build.ROOT / build.LOCK).read_text()
