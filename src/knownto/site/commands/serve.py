"""Serve the product."""

import argparse

from knownto.site.running import databases, serve


def run(args: argparse.Namespace) -> int:
    with databases(args.var):
        return serve(args.port, f"Ready at http://localhost:{args.port}/ (Ctrl-C stops everything)")
