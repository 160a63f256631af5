"""What a form sends back about the page it was on."""

from django.http import HttpRequest


def seen_by(request: HttpRequest) -> int:
    """How many decisions the page had seen. One that does not say has seen none, and so comes second to any."""
    said = request.POST.get("seen", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 6 else 0
