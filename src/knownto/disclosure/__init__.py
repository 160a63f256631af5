"""Crossing an agency boundary: what was let across, to whom, why, under which agreements, and until when.

The only way across. A disclosure is written in the transaction of the act that shows something, beside its
ledger entry, and carries a receipt that can be read out over the telephone. Nothing that was shown is in
it: only who, why and under which versions of which agreements.

Copies for an agency's own record system are parcels: owed in the transaction of the act they belong to, and carried
until they are acknowledged (docs/receiving-copies.md is what partners are told).

Other modules use `disclosure.acts`, `disclosure.parcels`, `disclosure.endpoints`, `disclosure.reads`,
`disclosure.receipts` and `disclosure.jobs`.
"""
