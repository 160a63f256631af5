"""Sealed people: adopted children, protected witnesses, those in a refuge, staff and their families.

For everybody without the guards' keys they do not exist. That is not a filter that each page must remember: their
records are taken out of the tables that the product reads, into tables of their own, under a key domain and a blind
index of their own (`keyring.guard`); whatever a partner sends of them later goes there before any row is visible. So
every page answers as for a stranger because it finds what it would find of a stranger.

Whoever searches for them is told nothing, and a guardian is told who looked, who rings back: in the background, from
the question that the ledger holds, so that it costs the searcher neither a byte nor a moment.

Other modules use `guarding.acts`, `guarding.reads` and `guarding.staff`.
"""
