"""What the register of requirements says is not here is really not here."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

PROJECT = Path(__file__).resolve().parents[1]
# What each would come with. A package that another needs counts as much as one that was asked for.
PACKAGES = {
    "LDAP": ("python-ldap", "ldap3", "django-auth-ldap"),
    "XPath and XML": ("lxml", "xmlschema", "defusedxml"),
    "LaTeX": ("pylatex", "latex"),
    "Java": ("jpype1", "py4j", "pyjnius"),
    "memcache": ("pymemcache", "pylibmc", "python-memcached", "redis"),
    "GraphQL": ("graphene", "graphene-django", "strawberry-graphql", "graphql-core", "ariadne"),
    "WebSockets": ("channels", "websockets", "daphne", "wsproto", "uvicorn"),
    "WebRTC": ("aiortc", "pylibsrtp"),
    "OAuth and OpenID Connect": ("oauthlib", "authlib", "requests-oauthlib", "mozilla-django-oidc", "pyjwt"),
    "SAML": ("python3-saml", "pysaml2", "xmlsec"),
    "YAML": ("pyyaml", "ruamel-yaml"),
}  # fmt: skip
RUN = {"eval", "exec", "compile", "__import__", "mark_safe", "from_string"}  # called by name, with or without a dot
LOADED = {"pickle", "marshal", "shelve", "dill", "yaml", "xml", "lxml"}
SCRIPT = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|localStorage|sessionStorage"
    r"|indexedDB|document\.cookie|__proto__|Object\.assign|\.postMessage\([^)]*,"
    r"|addEventListener\(\s*[\"']message|createElement\(.script"
)


def installed(text):
    return set(re.findall(r"^([a-z0-9-]+)==", text, re.MULTILINE))


def test_what_is_said_not_to_be_here_is_not():
    there = installed((PROJECT / "requirements/run.txt").read_text())
    assert "django" in there and not {name for names in PACKAGES.values() for name in names} & there
    assert not [app for app in settings.INSTALLED_APPS if "socialaccount" in app or "admin" in app or "idp" in app]


def test_a_package_of_the_kind_would_be_found():
    assert "channels" in installed("django==6.1.3 \\\nchannels==4.2 \\\n    --hash=sha256:00\n")


def sources():
    for path in sorted((PROJECT / "src").rglob("*.py")):
        if not {"tests", "migrations"} & set(path.parts):
            yield path.relative_to(PROJECT), ast.parse(path.read_text())


def runs_text(tree):
    """What in it runs or loads text as a program, or starts a shell."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            yield from (name for name in names if name.split(".")[0] in LOADED)
        if isinstance(node, ast.Call):
            yield from _called(node)


def _called(node):
    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
    on = getattr(getattr(node.func, "value", None), "id", "")
    if (name in RUN and on != "re") or (on, name) in {("os", "system"), ("os", "popen"), ("django", "Template")}:
        yield name
    yield from ("shell" for k in node.keywords if k.arg == "shell")
    if name in {"raw", "extra"} and isinstance(node.func, ast.Attribute):
        yield f"objects.{name}"


def test_nothing_typed_is_ever_run():
    assert not [(str(path), found) for path, tree in sources() for found in runs_text(tree)]


@pytest.mark.parametrize(("planted", "found"), [
    ("eval(typed)", "eval"), ("builtins.exec(typed)", "exec"), ("import pickle", "pickle"),
    ("from yaml import load", "yaml"),
    ("subprocess.run(typed, shell=True)", "shell"), ("os.system(typed)", "system"),
    ("Engine().from_string(typed)", "from_string"),
    ("Person.objects.raw(typed)", "objects.raw"), ("mark_safe(typed)", "mark_safe"), ("import xml.etree", "xml.etree"),
])  # fmt: skip
def test_what_runs_text_would_be_found(planted, found):
    assert list(runs_text(ast.parse(planted))) == [found]
    assert not list(runs_text(ast.parse("re.compile(pattern)")))


def test_our_scripts_write_text_and_keep_nothing():
    scripts = [p for p in (PROJECT / "src").rglob("static/**/*.js") if "vendor" not in p.parts]
    assert scripts
    assert not [(p.name, found[0]) for p in scripts if (found := SCRIPT.search(p.read_text()))]


@pytest.mark.parametrize("planted", [
    "box.innerHTML = typed", "localStorage.name = typed", "window.postMessage(typed, '*')", "eval(typed)",
    "addEventListener('message', taken)", "Object.assign(settings, typed)",
])  # fmt: skip
def test_a_script_that_did_would_be_found(planted):
    assert SCRIPT.search(planted)
    assert not SCRIPT.search("others.postMessage(own); box.textContent = typed")
