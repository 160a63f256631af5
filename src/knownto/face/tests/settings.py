"""The least that face needs, to work on it alone: README.md has the command."""

SECRET_KEY = "only-for-these-tests"  # noqa: S105
INSTALLED_APPS = ["django.contrib.staticfiles", "knownto.face"]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
FORM_RENDERER = "knownto.face.forms.Renderer"
STATIC_URL = "/static/"
TIME_ZONE = "Europe/London"
USE_TZ = True
LANGUAGE_CODE = "en-gb"
