"""Do these two records describe one person? Weights in bits, rules for families, and reasons in plain
English.

Pure: no Django, no database, no clock. `clean` once, keep the cleaned form, find candidates by `keys`,
`compare` two, `resolve` a question against candidates, `group` a block into people, and tie households.
"""

from knownto.linkage.candidates import KINDS, address_keys, keys, query_keys
from knownto.linkage.cleaning import Cleaned, clean
from knownto.linkage.comparing import Comparison, birth_reasons, compare, compare_rest, name_reasons
from knownto.linkage.evidence import Address, Evidence
from knownto.linkage.grouping import group
from knownto.linkage.households import tied_as_household
from knownto.linkage.model import Model, ModelDamaged, Reason, load_model
from knownto.linkage.places import address_key
from knownto.linkage.resolving import (
    Candidate,
    Match,
    NothingKnown,
    Possible,
    Resolution,
    Several,
    Unlikely,
    decide,
    fits,
    resolve,
    with_sharers,
)

__all__ = [
    "KINDS", "Address", "Candidate", "Cleaned", "Comparison", "Evidence", "Match", "Model", "ModelDamaged",
    "NothingKnown", "Possible", "Reason", "Resolution", "Several", "Unlikely", "address_key",
    "address_keys", "birth_reasons", "clean",
    "compare", "compare_rest", "decide", "fits", "group", "keys", "load_model", "name_reasons", "query_keys", "resolve",
    "tied_as_household",
    "with_sharers",
]  # fmt: skip
