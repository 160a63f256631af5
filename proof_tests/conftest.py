"""One borough, built as a newcomer builds it, for the proofs to attack: small, or as KNOWNTO_SIZE says."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
SIZE = os.environ.get("KNOWNTO_SIZE", "small")


@pytest.fixture(scope="session")
def built():
    """The folder of a freshly built demonstration, its databases stopped."""
    var = PROJECT / "var" / "proof"
    command = [sys.executable, "-m", "knownto.site.command", "--var", str(var), "demo", "--build-only", "--size", SIZE]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("KNOWNTO", "DJANGO"))}
    subprocess.run(command, check=True, env=environment)
    return var / f"demo-{SIZE}"
