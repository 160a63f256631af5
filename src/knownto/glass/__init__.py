"""Breaking the glass: a life depends on one person, and nothing that may be seen in the usual way is enough.

Whoever breaks it proves again who they are, says why with one of a few reasons, and sees one person's footprint in full
and the headlines of open work for an hour by the database's clock. Their supervisor and the privacy officer are told in
the same transaction; what came of it is owed within two working days; each glass is reviewed. Nothing here opens a
piece of work, or anybody who is not found by an ordinary search.

Other modules use `glass.reads.open_of`, for the banner on every page.
"""
