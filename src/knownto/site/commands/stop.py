"""Stop what a crash has left running."""

import argparse

from knownto.site.embedded import CLUSTERS, Embedded


def run(args: argparse.Namespace) -> int:
    for cluster in CLUSTERS:
        Embedded(args.var, cluster).stop()
    return 0
