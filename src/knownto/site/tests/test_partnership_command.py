"""A partnership founded from the file that the guide shows, changed by another, and told as one."""

import re
from contextlib import nullcontext

import pytest

from knownto.disclosure.endpoints import takes_copies
from knownto.feeds.models import Feed
from knownto.ledger.models import Entry
from knownto.partners.models import Agency, Team
from knownto.site import command, founding
from knownto.site.commands import partnership
from knownto.site.embedded import PROJECT

GUIDE = re.search(r"```toml\n(.*?)```", (PROJECT / "docs/partnership.md").read_text(), re.DOTALL)[1]


@pytest.fixture
def run(db, monkeypatch, tmp_path, capsys):
    """Run the command on a file with these words; gives its exit status and what it printed."""
    monkeypatch.setattr(partnership, "databases", lambda _: nullcontext())

    def ran(what, words="", *more):
        file = tmp_path / "partnership.toml"
        file.write_text(words)
        told = ["partnership", what, *(("--file", str(file)) if words else ()), *more]
        status, said = command.main(told), capsys.readouterr()
        return status, said.out + said.err

    return ran


def granted():
    return list(Entry.objects.filter(kind="grant").order_by("id").values_list("because", flat=True))


def test_the_guides_own_file_founds_a_partnership(run):
    status, said = run("plan", GUIDE)
    assert status == 0 and "add the agency fire" in said and not Agency.objects.exists()
    status, said = run("apply", GUIDE)
    assert status == 0 and "6 changes" in said
    assert {a.code: a.connected for a in Agency.objects.all()} == {"childrens-social-care": True, "fire": False}
    assert Feed.objects.get().every == "working_daily"
    assert Team.objects.get(code="mash").out_of_hours == "Ring the emergency duty team"
    added = ["add-agency", "set-up-feed, working_daily", "set-connected", "add-team", "add-agency", "add-team"]
    assert granted() == added
    assert "Nobody is the office 'night': childrens-social-care/emergency-duty" in said and "'hub'" not in said


def test_applied_again_it_changes_nothing_and_what_is_told_is_the_same_file(run):
    run("apply", GUIDE)
    before = granted()
    status, told = run("show")
    assert status == 0
    for words in (GUIDE, told):
        assert "It was so already." in run("apply", words)[1]
    assert granted() == before


def test_names_routes_and_feeds_change_and_what_is_left_out_stays(run):
    run("apply", GUIDE)
    words = GUIDE.replace("01632 960201", "01632 960299").replace("Our Fire and Rescue Service", "The Fire Service")
    words = re.sub(r"\[agency.feed\].*?\n(?=\[\[agency.team)", "", words, flags=re.DOTALL)
    words = words[: words.rindex("[[agency.team]]")]
    said = run("apply", words)[1]
    assert "left as it is, for the file does not name it: fire/vulnerable-people" in said
    assert Team.objects.get(code="mash").phone == "01632 960299" and Team.objects.filter(agency="fire").exists()
    assert Agency.objects.get(code="fire").name == "The Fire Service"
    assert not Agency.objects.get(code="childrens-social-care").connected
    assert sorted(granted()[6:]) == ["rename", "set-connected", "set-route"]


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ('phone = "01632 960402"\n', "", "agency 2, team 1, phone: Field required"),
        ('code = "fire"', 'code = "childrens-social-care"', "there twice: childrens-social-care"),
        ('"working_daily"', '"hourly"', "agency 1, feed, every"),
        ("hours =", "hrs =", "Extra inputs are not permitted"),
        ("[[agency]]", "[[agency", "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_used_says_where_and_changes_nothing(run, was, now, says):
    status, said = run("apply", GUIDE.replace(was, now))
    assert status == 2 and says in said and not Agency.objects.exists()


def test_all_of_it_is_done_or_nothing(run, monkeypatch):
    def fails(**_):
        raise RuntimeError

    monkeypatch.setattr(founding.partners, "add_team", fails)
    with pytest.raises(RuntimeError):
        run("apply", GUIDE)
    assert not Agency.objects.exists() and granted() == []


def test_copies_go_where_they_are_told_to(run):
    run("apply", GUIDE)
    assert "only" in run("endpoint", "", "--agency", "fire", "--folder", "../etc")[1]
    assert run("endpoint", "", "--agency", "fire", "--at", "http://records.example.org/copies")[0] == 2
    assert not takes_copies("fire")
    assert run("endpoint", "", "--agency", "fire", "--folder", "fire")[0] == 0 and takes_copies("fire")
    assert run("secret", "", "--agency", "fire")[0] == 2  # a folder has none
    assert run("close", "", "--agency", "fire")[0] == 0 and not takes_copies("fire")
    assert run("endpoint", "", "--agency", "nobody", "--folder", "fire")[0] == 2
