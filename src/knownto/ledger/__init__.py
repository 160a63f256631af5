"""What happened, who looked, who was refused: append-only, and provable to somebody who does not trust us.

`ledger.acts.record` writes an entry in the transaction of the act it describes, so that an act without its entry
cannot be. Every few seconds a sequencer numbers the committed entries, adds them to a Merkle tree (RFC 9162) and
signs its head; a partner who kept one head can tell, from an export, whether anything before it was changed. What
is not yet numbered (a few seconds' worth) is the stated window.

Other modules use `ledger.acts` (record, Actor), `ledger.reads` and `ledger.models` names in foreign keys only.
"""
