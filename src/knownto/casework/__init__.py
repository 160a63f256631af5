"""The eight nouns of which every piece of work is made, pathways as data, and the sweep that lets nothing drop.

An episode is moved by decisions alone; whatever one party owes another is an ask; a time limit is a clock, worked out
by `worktime` and never counted down. No open episode is without an owner and a next time: the database itself
refuses one. Who an episode is about is a participation, sealed, found again by blind keys.

Other modules use `casework.acts` (inside rows that an audited act of theirs has opened), `casework.reads`,
`casework.recognising`, the types in `casework.pathway` and the names in `casework.models`.
"""
