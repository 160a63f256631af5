"""The pages: set by direct entry, read, printed without the address, lifted by two."""

import pytest
from django.test import Client
from django.urls import reverse

from knownto.access import clock
from knownto.access.acts import system
from knownto.access.middleware import SECOND_FACTOR
from knownto.firewall import audiences, checks
from knownto.firewall.models import Protection, Reach, Step
from knownto.firewall.pages.setting import address
from knownto.firewall.tests.test_checks import MOTHER, set_up
from knownto.linkage import Address
from knownto.partners.reads import by_sign_in_name

TYPED = {
    "given": "Imogen", "family": "Wrenshaw", "born_day": "17", "born_month": "5", "born_year": "1990",
    "homes": "12 Larch Court, Norwick, QK1 2AB\nFlat 3, 41 St. Mary's Road QK4 7RT",
    "schools": "Riverside Primary School",
    "phones": "07700 900123\nimogen@example.org", "reach": "anybody",
    "what": ["address", "school", "surgery", "phone"], "from_given": "Piers", "from_family": "Ashdown",
    "why": "He said that he will find them.", "since_day": "16", "since_month": "11", "since_year": "2026",
}  # fmt: skip


def client_of(sign_in):
    client, worker = Client(), by_sign_in_name(sign_in)
    client.force_login(worker, backend="knownto.site.sign_in.BySealedName")
    session, at = client.session, clock.now().timestamp()
    session.update({SECOND_FACTOR: True, "began": at, "last_seen": at, "shared": True})
    session.save()
    return client


@pytest.fixture
def manager(borough):
    return client_of("hub.manager")


def test_what_is_typed_is_protected_from_then_on(manager):
    answer = manager.post(reverse("firewall:protect"), TYPED)
    assert answer.status_code == 302, answer.context["form"].errors
    with system("test"):
        made = Protection.objects.get()
    assert made.reach == Reach.ANYBODY
    assert not checks.clear_one(MOTHER, audiences.to_agency("police")).evidence.addresses
    page = manager.get(answer.url).content.decode()
    assert "12 Larch Court" in page and "Piers Ashdown" in page
    printed = manager.get(reverse("firewall:protection-print", args=[made.pk])).content.decode()
    assert "Imogen Wrenshaw" in printed and "Larch" not in printed and "QK1" not in printed


def test_one_kind_alone_can_be_kept_back(manager):
    """The school, because he waits there; the numbers may go. The planted fault is the whole of it."""
    both = {"surgeries": "Harbour Practice"}
    manager.post(reverse("firewall:protect"), TYPED | both | {"what": ["school"], "homes": ""})
    seen = checks.clear_one(MOTHER, audiences.to_agency("police"), schools=["Riverside Primary School"])
    assert seen.hides == {"school"} and seen.evidence.phones == MOTHER.phones
    text = "Ring 07700 900123 at Harbour Practice. She is at Riverside Primary School on Mondays."
    left = checks.without(text, audiences.to_agency("police"))
    assert "07700 900123" in left and "Harbour Practice" in left and "Riverside" not in left
    nothing = manager.post(reverse("firewall:protect"), TYPED | {"what": []})
    assert nothing.status_code == 200 and "Select what is kept back" in nothing.content.decode()


def test_more_is_put_under_a_protection_that_stands(manager, now):
    made = set_up(now)
    sister = {"given": "Maud", "family": "Ashdown", "schools": "Tolworth Hill Academy", "why": "She lives there too"}
    said = "Maud is at Tolworth Hill Academy."
    assert checks.without(said, audiences.to_agency("police")) == said
    answer = manager.post(reverse("firewall:protection-widen", args=[made.pk]), sister)
    assert answer.status_code == 302
    assert "Tolworth" not in checks.without(said, audiences.to_agency("police"))
    assert not checks.clear_one(MOTHER, audiences.to_agency("police")).evidence.addresses  # and no less than before
    page = manager.get(answer.url).content.decode()
    assert "Maud Ashdown" in page and "She lives there too" in page


def test_nothing_that_leads_to_anybody_is_no_protection(manager):
    answer = manager.post(reverse("firewall:protect"), TYPED | {"reach": "person", "from_given": "", "from_family": ""})
    assert answer.status_code == 200 and answer.context["form"].errors


def test_two_people_lift_it_over_the_pages(manager, borough, now):
    made = set_up(now)

    def step(client, code):
        return client.post(reverse("firewall:protection-step", args=[made.pk, code]), {"why": "They have moved."})

    assert step(manager, "ask-to-lift").status_code == 302
    assert "Somebody else must look" in step(manager, "lift").content.decode()
    assert "Lift it" not in manager.get(reverse("firewall:protection", args=[made.pk])).content.decode()
    assert step(client_of("screener"), "lift").status_code == 302
    with system("test"):
        assert Protection.objects.get().lifted_at and Step.objects.filter(kind=Step.Kind.LIFTED).count() == 1


def test_whoever_it_is_kept_from_is_not_shown_that_there_is_any(manager, now):
    made = set_up(now, reach=Reach.AGENCY, whom=(), agency="childrens-social-care")
    assert "Imogen" not in manager.get(reverse("firewall:protections")).content.decode()
    assert manager.get(reverse("firewall:protection", args=[made.pk])).status_code == 404


@pytest.mark.parametrize(("line", "read"), [
    ("12 Larch Court, Norwick, QK1 2AB", Address(("12 Larch Court", "Norwick"), "QK12AB")),
    ("Rose Cottage qk12ab", Address(("Rose Cottage",), "QK12AB")),
    ("A caravan by the river", Address(("A caravan by the river",))),
])  # fmt: skip
def test_an_address_on_one_line_is_read(line, read):
    assert address(line) == read
