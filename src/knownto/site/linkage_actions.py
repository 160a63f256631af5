"""What each action of `knownto linkage` is told: its line of help, and only its own options."""

from pathlib import Path
from typing import Any

type Argument = tuple[tuple[str, ...], dict[str, Any]]

_TOWN: list[Argument] = [
    (("--size",), {"choices": ["small", "borough", "region"], "default": "small", "help": "of the town"}),
    (("--parts",), {"type": int, "default": 0, "help": "only so many parts of the town (24,000 people each)"}),
    (("--town-seed",), {"type": int, "nargs": "+", "default": [2027], "help": "of the town, or of several"}),
]
_LABELLED: list[Argument] = [
    (("--labelled",), {"type": Path, "help": "a CSV in which a column says who each row is of"}),
    (("--with",), {"type": Path, "dest": "beside", "help": "a second CSV: records are linked between the two"}),
    (("--pairs",), {"type": Path, "help": "a CSV of two columns, ids of one person's records, in place of --cluster"}),
    (("--map",), {"type": Path, "help": "TOML: what the columns mean; usual headings need none"}),
    (("--id",), {"default": "", "help": "column of the row's own id"}),
    (("--cluster",), {"default": "", "help": "column of the person that the row is of"}),
]
_MODEL: Argument = (("--model",), {"type": Path, "help": "a model's file; the shipped one if none is named"})
_TO: Argument = (("--to",), {"type": Path, "help": "file to write; model.json here if none is named"})
_STAGE: Argument = (("--stage",), {"type": Path, "required": True, "help": "folder of what is handed out"})
_KEY: Argument = (("--key",), {"type": Path, "required": True, "help": "file of the key that it is sealed with"})
_BELIEFS: Argument = (("--beliefs",), {"type": Path, "required": True, "help": "folder of what was believed"})

ACTIONS: dict[str, tuple[str, list[Argument]]] = {
    "train": (
        "learn weights and prior with Splink from the town's records, the hub's or a CSV, and write one JSON",
        [
            (("--from",), {"dest": "source", "choices": ["town", "held", "file"], "default": "town", "help": "whose"}),
            *_TOWN,
            *_LABELLED,
            (("--seed",), {"type": int, "default": 1, "help": "of the sample of pairs"}),
            (("--people",), {"type": int, "default": 0, "help": "how many people the records are drawn from"}),
            (("--names",), {"action": "store_true", "help": "take frequencies of common names from the records too"}),
            (("--wrong",), {"type": float, "default": 0.0001, "help": "share of links that may be wrong"}),
            (("--missed",), {"type": float, "default": 0.003, "help": "share of findable pairs not put to a person"}),
            (("--name",), {"default": "", "help": "of the model"}),
            _TO,
        ],
    ),
    "fit": (
        "fit how often a score is right to towns whose truth is known; weights and thresholds stay",
        [_MODEL, *_TOWN, _TO],
    ),
    "evaluate": (
        "measure a model on a town, by partner and by naming tradition, and on labelled sets beside other matchers",
        [
            _MODEL,
            *_TOWN,
            *_LABELLED,
            (("--sets",), {"default": "febrl,rldata,past", "help": "labelled sets that packages ship"}),
            (("--sets-only",), {"action": "store_true", "help": "no town; each set is kept in --to as it is measured"}),
            (("--peers",), {"action": "store_true", "help": "measure Splink and recordlinkage beside us"}),
            (("--dedupe",), {"action": "store_true", "help": "and dedupe, which needs labels and time"}),
            (
                ("--to",),
                {"type": Path, "help": "file to write what the product shows; none is written if none is named"},
            ),
        ],
    ),
    "keys": ("say what each candidate key adds, costs and gives away", _TOWN),
    "sign-off": (
        "put a person's name under a model, without which the product refuses it",
        [
            (("--model",), {"type": Path, "required": True, "help": "the model's file"}),
            (("--name",), {"required": True, "help": "of who signs it off"}),
            (("--role",), {"required": True, "help": "of who signs it off"}),
            (("--on",), {"default": "", "help": "day of signing off, as 2026-11-22; today if none is told"}),
        ],
    ),
    "bulk-export": (
        "hand out a first load, sealed under a key of this one run, for a cluster to compare",
        [_STAGE, _KEY],
    ),
    "bulk": (
        "compare what was handed out, on a cluster of Apache Spark or on this machine",
        [
            _STAGE,
            _KEY,
            _BELIEFS,
            (("--spark",), {"help": "the cluster, such as spark://10.0.0.5:7077; none: here"}),
            (
                ("--model",),
                {"type": Path, "help": "model file, the same on each worker; the shipped one if none is named"},
            ),
            (("--conf",), {"action": "append", "metavar": "NAME=VALUE", "help": "a setting of Spark's own"}),
        ],
    ),
    "bulk-load": (
        "take back what was believed, group the people, and destroy what was handed out",
        [_STAGE, _BELIEFS, _KEY],
    ),
    "sizing": (
        "say how large a hub for so many people must be, from costs that were measured",
        [
            (("--people",), {"type": int, "required": True, "help": "how many live there"}),
            (("--records-per-person",), {"type": float, "default": 1.2, "help": "held of each person"}),
        ],
    ),
    "rematch": (
        "match everybody again by the model in force, as the worker does by itself after a change of model",
        [(("--again",), {"action": "store_true", "help": "even where everybody was, by this model"})],
    ),
}
