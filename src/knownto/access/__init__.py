"""Who is asking, what facts connect them, what policy says.

Every page names the permission it needs (`@page`); whatever names none cannot be reached. What is about people is
asked for with `acts.asking`, which puts the facts to `policy`, writes the ledger entry, and only then opens the
rows for the rest of the transaction. A refusal rolls its act back, so it is recorded by the middleware, at the
outermost boundary, in a transaction of its own.

Other modules use `access.acts` (asking, system, Viewer), `access.pages.page`, `access.refusals`, `access.wall` (in
migrations) and `access.clock`.
"""
