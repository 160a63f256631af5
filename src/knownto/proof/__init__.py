"""Could anyone have changed the log?

An append-only log as a Merkle tree (RFC 9162), its heads signed and chained, and an examination that finds
every tampering and says where it lies. Pure: no database, no clock, no network. `verifier.py` is the part that
a partner runs alone, with nothing installed; the product uses the same functions, so that there is one truth.

- `canonical`, `micros`, `commitment`, `leaf_hash`: from an entry's fields to its leaf
- `Frontier`: all that a sequencer must remember of the tree to append to it
- `Signer`, `PublicKey`, `sign_head`, `read_head`, `head_verifies`: signed heads
- `prove_inclusion`, `prove_consistency`, `included`, `consistent`, `subtrees`: short proofs
- `examine`, `Entry`, `StoredHead`, `Finding`: looking for tampering
- `sign_restore`, `read_restore`: a backup that was put back, declared
- `receipt_of`, `receipt_file`, `receipt_faults`: what somebody holds who was shown something
- `WitnessKey`, `cosigned_at`: what a partner's `witness.py` signed that it saw
- `export_header` and the other `export_...`: the file that `verifier.py` reads
"""

from .heads import Signer, cosigned_at, examine, head_verifies, sign_head, sign_restore
from .tree import consistent, micros, prove_consistency, prove_inclusion, subtrees
from .verifier import (
    BadHead,
    Entry,
    Finding,
    Frontier,
    Head,
    NotCanonical,
    PublicKey,
    Restore,
    StoredHead,
    WitnessKey,
    canonical,
    commitment,
    export_cosignature,
    export_head,
    export_header,
    export_line,
    export_restore,
    included,
    leaf_hash,
    node_hash,
    read_head,
    read_restore,
    receipt_faults,
    receipt_file,
    receipt_of,
    receipt_with_check,
)

__all__ = [
    "BadHead", "Entry", "Finding", "Frontier", "Head", "NotCanonical", "PublicKey", "Restore", "Signer", "StoredHead",
    "WitnessKey", "canonical", "commitment", "consistent", "cosigned_at", "examine", "export_cosignature",
    "export_head", "export_header", "export_line", "export_restore", "head_verifies", "included",
    "leaf_hash", "micros", "node_hash",
    "prove_consistency", "prove_inclusion", "read_head", "read_restore", "receipt_faults", "receipt_file", "receipt_of",
    "receipt_with_check", "sign_head", "sign_restore", "subtrees",
]
