"""Who must not learn what about whom: asked by everything that shows or sends where somebody can be found.

A protection names people (and all that would lead to them: addresses now and before, school, surgery, telephone), whom
it is kept from, and the order or reason that it rests on. What it protects is sealed; beside it lie blind keys only, by
which a person, an address or a sentence that holds one is recognised without opening anything.

Whatever goes wrong while it is found out, the answer is "not shown". docs/protected-addresses.md is for its users,
docs/decisions/0014 says why it is as it is.

Other modules use `firewall.checks` (the one question), `firewall.audiences`, `firewall.acts` and `firewall.reads`.
"""
