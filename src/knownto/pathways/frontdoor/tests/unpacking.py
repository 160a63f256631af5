"""What lies in a PDF."""

import re
import zlib


def unpacked(made: bytes) -> bytes:
    """The file with its packed parts unpacked: WeasyPrint packs them with zlib."""
    parts = [made]
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", made, re.S):
        try:
            parts.append(zlib.decompress(found[1]))
        except zlib.error:
            continue
    return b"\n".join(parts)
