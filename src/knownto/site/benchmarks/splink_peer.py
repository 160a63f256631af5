"""Splink's comparison of one record with all, on the same people in the clear. A script of its own.

`python splink_peer.py CLEAR.csv < questions.json` prints the median in milliseconds as its last line. The model is
Splink's usual one for names, dates and postcodes; only its weights are left untrained but for chance, since a
weight costs the same whatever it is. The held records are registered once and kept, as a service would keep them.
"""

import json
import logging
import statistics
import sys
import time

import duckdb
import pandas
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

logging.getLogger("splink").setLevel(logging.ERROR)
COLUMNS = ("unique_id", "given", "family", "born", "postcode")
HELD = """CREATE TABLE held AS SELECT * FROM read_csv(?, header = false, all_varchar = true,
names = ['unique_id', 'given', 'family', 'born', 'postcode'], nullstr = '')"""
PAIRS = 1e6


def settings() -> SettingsCreator:
    names = [cl.JaroWinklerAtThresholds(column, [0.9, 0.7]) for column in ("given", "family")]
    rest = [cl.DamerauLevenshteinAtThresholds("born", [1, 2]), cl.LevenshteinAtThresholds("postcode", [1, 2])]
    blocks = [("given", "born"), ("family", "born"), ("family", "postcode"), ("given", "postcode"), ("given", "family")]
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=names + rest,
        blocking_rules_to_generate_predictions=[block_on(*both) for both in blocks],
    )


def main(clear: str) -> None:
    api = DuckDBAPI(connection=duckdb.connect())
    api._con.execute(HELD, [clear])
    held = api.register("held")
    linker = Linker(held, settings())
    linker.training.estimate_u_using_random_sampling(max_pairs=PAIRS)
    took = []
    for number, one in enumerate(json.load(sys.stdin)):
        asked = api.register(
            pandas.DataFrame([{"unique_id": f"asked{number}", **one}], columns=list(COLUMNS), dtype=str)
        )
        begun = time.perf_counter()
        linker.inference.predict_between(held, asked, warning_mode="never").as_record_list()
        took.append((time.perf_counter() - begun) * 1000)
    print(statistics.median(took))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1])
