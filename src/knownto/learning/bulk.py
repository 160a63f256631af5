"""A first load too big for one machine: the same keys, levels, weights and rules, on a cluster of Apache Spark.

Candidates come from the blind keys as on one machine; levels from the engine, in the executors; each pair's weight
from Splink on Spark, with the signed-off model's weights; the rules for families from the engine again. Run it by
`knownto linkage bulk`; every executor needs this package with its extra `spark`. See docs/sizing.md.
"""

import argparse
import logging
import os
import sys
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F  # noqa: N812 (as everybody who works with Spark calls it)
from pyspark.sql import types as T  # noqa: N812
from splink import Linker, SparkAPI

from knownto.learning import executing, levels, staging

logging.getLogger("splink").setLevel(logging.ERROR)
NEARLY = 1e-6  # bits, by which a sum in another order may differ
RECORDS = "id long, near long, tokens array<long>, cleaned string"
BELIEFS = "lower long, higher long, bits double, outcome string, levels string"


class Run:
    """One load, by one model."""

    def __init__(self, spark: SparkSession, model: Path | None) -> None:
        self.spark = spark
        self.model_file = str(model) if model else ""
        self.model = executing.model_of(self.model_file)

    def beliefs(self, stage: Path, key: bytes) -> DataFrame:
        """Every pair that the model believes possible, as rows of `staging.Believed`."""
        told = staging.manifest(stage)
        records = self._records(stage, key).persist()
        pairs = self.with_evidence(candidates(records, told.cap, told.best), records).persist()
        weighed = self._weighed(pairs)
        near = weighed.where(F.col("weight") >= self.model.possible - NEARLY)
        return pairs.join(near, ["lower", "higher"]).mapInArrow(executing.ruling(self.model_file), BELIEFS)

    def _records(self, stage: Path, key: bytes) -> DataFrame:
        """Opened in the executors: the driver never holds a record."""
        parts = self.spark.sparkContext.binaryFiles(f"{stage.resolve().as_uri()}/*{staging.ENDING}")
        rows = parts.flatMap(lambda part: staging.unseal(part[1], part[0].rpartition("/")[2], key))
        return self.spark.createDataFrame(rows, RECORDS)

    @staticmethod
    def with_evidence(pairs: DataFrame, records: DataFrame) -> DataFrame:
        one = records.select(F.col("id").alias("lower"), F.col("cleaned").alias("a"))
        other = records.select(F.col("id").alias("higher"), F.col("cleaned").alias("b"))
        return pairs.join(one, "lower").join(other, "higher")

    def _weighed(self, pairs: DataFrame) -> DataFrame:
        """(lower, higher, weight) of each pair: Splink's match weight, in bits."""
        shape = T.StructType([T.StructField(name, kind) for name, kind, _ in executing.columns(self.model)])
        seen = pairs.mapInArrow(executing.seeing(self.model_file), shape).persist()
        api = SparkAPI(spark_session=self.spark, register_udfs_automatically=False, break_lineage_method="persist")
        alone = self.spark.createDataFrame([("0",)], "unique_id string")
        for field in shape.fields[1:]:
            alone = alone.withColumn(field.name, F.lit(None).cast(field.dataType))
        tables = [
            api.register(seen, dataset_display_name="a_pair"),
            api.register(alone, dataset_display_name="z_row"),
        ]
        linker = Linker(tables, levels.settings(self.model))
        for field in levels.rare_fields(self.model):
            table = api.register(_frequencies(seen, f"rare_{field}"), dataset_display_name=f"met_{field}")
            linker.table_management.register_term_frequency_lookup(table, f"rare_{field}")
        found = linker.inference.predict().as_spark_dataframe()
        both = F.split(F.col("unique_id_l"), ",")
        return found.select(
            both[0].cast("long").alias("lower"),
            both[1].cast("long").alias("higher"),
            F.col("match_weight").alias("weight"),
        )


def candidates(records: DataFrame, cap: int, best: int) -> DataFrame:
    """(lower, higher) of the pairs worth comparing, by the rule of `identity.matching`: of each record the `best`
    others whose shared keys are rarest; a pair counts when the later of the two, by `near` and id, finds the other."""
    keys = records.select("id", "near", F.explode("tokens").alias("token"))
    shared = keys.groupBy("token").agg(F.count("*").alias("n")).where(F.col("n").between(2, cap))
    kept = keys.join(shared, "token")
    asker = kept.select("token", "n", F.col("id").alias("asker"), F.col("near").alias("asker_near"))
    other = kept.select("token", F.col("id").alias("record"), F.col("near").alias("record_near"))
    scored = (
        asker.join(other, "token")
        .where(F.col("asker") != F.col("record"))
        .groupBy("asker", "asker_near", "record", "record_near")
        .agg(F.sum(20 - F.log("n") * 1.4427).cast("float").alias("rarity"))
    )
    order = Window.partitionBy("asker").orderBy(F.col("rarity").desc(), F.col("record"))
    ranked = scored.withColumn("place", F.row_number().over(order)).where(F.col("place") <= best)
    later = ranked.where(
        (F.col("record_near") < F.col("asker_near"))
        | ((F.col("record_near") == F.col("asker_near")) & (F.col("record") < F.col("asker")))
    )
    return later.select(
        F.least("asker", "record").alias("lower"), F.greatest("asker", "record").alias("higher")
    ).distinct()


def _frequencies(seen: DataFrame, column: str) -> DataFrame:
    """Splink's table of how often each value is met: here a value is named by its frequency itself."""
    return seen.where(F.col(column).isNotNull()).select(column, F.col(column).alias(f"tf_{column}")).distinct()


def session(master: str, **more: str) -> SparkSession:
    """A session on that cluster; what executors spill to their disks is encrypted, since it holds cleaned records."""
    found = SparkSession.builder.master(master).appName("knownto bulk")
    settled = {
        "spark.io.encryption.enabled": "true",
        "spark.authenticate": "true",
        "spark.network.crypto.enabled": "true",
        "spark.ui.enabled": "false",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "2000",
        "spark.executorEnv.PYTHONPATH": os.environ.get("PYTHONPATH", ""),
        "spark.executorEnv.PYTHONHASHSEED": "0",
    }
    for name, value in (settled | more).items():
        found = found.config(name, value)
    return found.getOrCreate()


def run(args: argparse.Namespace) -> int:
    """Believe what can be believed of a staged load, and write it as gzipped JSON lines."""
    said = dict(one.split("=", 1) for one in args.conf or ())
    spark = session(args.spark, **said)
    try:
        work = Run(spark, args.model)
        found = work.beliefs(args.stage, args.key.read_bytes())
        found.write.json(args.beliefs.resolve().as_uri(), compression="gzip")
        staging.put_manifest(args.beliefs, staging.manifest(args.stage)._replace(model=work.model.checksum))
    finally:
        spark.stop()
    return 0


def arguments(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """What `knownto linkage bulk` is told."""
    parser.add_argument("--spark", required=True, metavar="MASTER", help="the cluster, such as spark://10.0.0.5:7077")
    parser.add_argument("--stage", type=Path, required=True, help="folder that bulk-export wrote, seen by all workers")
    parser.add_argument("--key", type=Path, required=True, help="the key file that bulk-export made")
    parser.add_argument("--beliefs", type=Path, required=True, help="folder for the beliefs; must not be there yet")
    parser.add_argument("--model", type=Path, help="model file, the same on each worker (default: the product's own)")
    parser.add_argument("--conf", action="append", metavar="NAME=VALUE", help="a setting of Spark's own")
    return parser


if __name__ == "__main__":
    sys.exit(run(arguments(argparse.ArgumentParser(__doc__)).parse_args()))
