"""Could anyone have changed the log?

An append-only log as a Merkle tree (RFC 9162), its heads signed and chained, and an examination that finds
every tampering and says where it lies. Pure: no database, no clock, no network. `verifier.py` is the part that
a partner runs alone, with nothing installed; the product uses the same functions, so that there is one truth.

- `canonical`, `micros`, `commitment`, `leaf_hash`: from an entry's fields to its leaf
- `Frontier`: all that a sequencer must remember of the tree to append to it
- `Signer`, `PublicKey`, `sign_head`, `read_head`, `head_verifies`: signed heads
- `prove_inclusion`, `prove_consistency`, `included`, `consistent`, `subtrees`: short proofs
- `examine`, `Entry`, `StoredHead`, `Finding`: looking for tampering
- `export_header`, `export_line`, `export_head`: the file that `verifier.py` reads
"""

from .heads import Signer, examine, head_verifies, sign_head
from .tree import consistent, included, micros, prove_consistency, prove_inclusion, subtrees
from .verifier import (
    BadHead,
    Entry,
    Finding,
    Frontier,
    Head,
    NotCanonical,
    PublicKey,
    StoredHead,
    canonical,
    commitment,
    export_head,
    export_header,
    export_line,
    leaf_hash,
    node_hash,
    read_head,
)

__all__ = [
    "BadHead", "Entry", "Finding", "Frontier", "Head", "NotCanonical", "PublicKey", "Signer", "StoredHead",
    "canonical", "commitment", "consistent", "examine", "export_head", "export_header", "export_line",
    "head_verifies", "included", "leaf_hash", "micros", "node_hash", "prove_consistency", "prove_inclusion",
    "read_head", "sign_head", "subtrees",
]
