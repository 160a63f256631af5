"""`python -m knownto.linkage.signing [FILE]` writes a model's checksum, once its weights are signed off."""

import json
import sys
from pathlib import Path

from knownto.linkage.model import OWN, checksum


def sign(path: Path | str) -> str:
    """Write the checksum into a model's file after its weights were signed off; returns the checksum."""
    document = json.loads(Path(path).read_text(encoding="utf-8"))
    document.pop("checksum", None)
    document["checksum"] = checksum(document)
    Path(path).write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return str(document["checksum"])


if __name__ == "__main__":
    sys.stdout.write(sign(sys.argv[1] if len(sys.argv) > 1 else OWN) + "\n")
