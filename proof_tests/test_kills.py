"""No acknowledged referral is lost or doubled, whatever is killed and whenever.

PostgreSQL (both), the web server and the worker are killed at random under load and started again; afterwards every
referral that anybody was given a receipt for is there once, whole, with its words, its clock, its owner and its
entries, and nothing else is. KNOWNTO_KILLS sets how many cycles (a campaign runs 2,000).
"""

import json
import os
import re

import pytest
from django.conf import settings

from proof_tests.kills import PARTS, Load, Product, campaign
from proof_tests.spending import SEED, note, over

KILLS = int(os.environ.get("KNOWNTO_KILLS", "60"))


class Outcome:
    """A campaign, over: what was acknowledged, and the product as it was found afterwards."""

    def __init__(self, product: Product, cycles: int) -> None:
        self.product = product
        self.load = Load(product.build(), SEED)
        product.serve()
        self.load.begin()
        try:
            self.killed = campaign(product, self.load, cycles // 2)
            self.heads = [json.loads(product.run("proof_tests.kept", "head"))]
            later = campaign(product, self.load, cycles - cycles // 2)
        except BaseException:
            self.load.end(give_up=True)
            raise
        self.load.end()
        self.killed = {part: self.killed[part] + later[part] for part in PARTS}

    def checked(self, *, settle: bool = False, **more: list[str]) -> dict:
        """What is wrong with what was kept. `more`: what is to count as acknowledged beside what was."""
        said = {"acknowledged": self.load.acknowledged | more, "heads": self.heads, "settle": settle}
        return json.loads(self.product.run("proof_tests.kept", "check", given=json.dumps(said)))

    def note(self, found: dict) -> None:
        wrong = [*self.load.wrong, *found["wrong"]]
        note(kills=sum(self.killed.values()), **{f"of {part}": killed for part, killed in self.killed.items()},
             acknowledged=len(self.load.acknowledged), requests=self.load.asked, sent_again=self.load.again,
             ledger_entries=found["entries"], fell_by_themselves=self.product.fell,
             lost_or_doubled=len(wrong))  # fmt: skip


@pytest.fixture(scope="module")
def outcome():
    product = Product(settings.VAR.parent / "kill")
    try:
        yield Outcome(product, KILLS)
    finally:
        product.stop()


def test_no_acknowledged_referral_is_lost_or_doubled(outcome):
    found = outcome.checked(settle=True)
    outcome.note(found)
    assert outcome.load.wrong == []
    assert found["wrong"] == []
    assert outcome.product.fell == 0, "a part ended by itself when another was killed"
    killed = sum(outcome.killed.values())
    assert (killed >= KILLS or over()) and all(outcome.killed.values())
    assert found["episodes"] == len(outcome.load.acknowledged) >= min(killed, KILLS)


def test_it_would_notice_one_that_is_lost_doubled_torn_or_unreadable(outcome):
    """The negative control: each fault is planted as nobody but the database's superuser could."""
    lost, doubled, torn, unread, *_ = [reference for _, reference in outcome.load.acknowledged.values()]
    main, keys = (outcome.product.cluster(name) for name in ("main", "keys"))
    assert any("lost" in each for each in outcome.checked(**{"nobody-sent-it": ["police", "AAAA-AAAA-A"]})["wrong"])
    planted = (
        (lost, main, f"DELETE FROM casework_episode WHERE reference = '{lost}'"),
        (
            "BBBB-BBBB-B",
            main,
            f"CREATE TEMP TABLE twice AS SELECT * FROM casework_episode WHERE reference = '{doubled}';"
            "UPDATE twice SET id = gen_random_uuid(), reference = 'BBBB-BBBB-B';"
            "INSERT INTO casework_episode SELECT * FROM twice",
        ),
        (
            torn,
            main,
            "DELETE FROM casework_clock WHERE runs = 'opening' AND episode_id ="
            f" (SELECT id FROM casework_episode WHERE reference = '{torn}')",
        ),
    )
    for reference, cluster, statement in planted:
        assert not any(reference in each for each in outcome.checked()["wrong"])
        cluster.sql(f"SET session_replication_role = replica; {statement}", "knownto")
        assert any(reference in each for each in outcome.checked()["wrong"])
    key = main.sql(f"SELECT key FROM casework_episode WHERE reference = '{unread}'", "knownto").strip()
    assert re.fullmatch(r"[0-9a-f-]{36}", key)
    keys.sql(f"DELETE FROM keyring_wrappedkey WHERE id = '{key}'", "knownto")
    assert f"{unread} cannot be read any more" in outcome.checked()["wrong"]
