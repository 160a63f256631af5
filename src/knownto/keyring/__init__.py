"""Sealing and opening personal data; blind indexes; shredding.

Every partner record, and every document, has a data key of its own. The key is kept wrapped, in a second
database that has its own write-ahead log and backups; what it seals is bound to its table, column, row and
version, so that nothing sealed can be moved somewhere else and still open. Destroying the key destroys the
record, in every copy there ever was.

Other modules use `keyring.acts` (create, fetch, shred, token, fingerprint, wrap, unwrap) and
`keyring.models.SealedRow`.
"""
