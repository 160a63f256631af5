"""Was it right to look? Who looked at a person, what a worker looked at, what was refused, and counts of use.

For the data protection officer, who answers for how information is used, and the scrutineer, who sees counts without
anybody in them. It reads the ledger and changes nothing, except that every look at who looked is itself an entry.

Other modules use nothing of it but `addresses`.
"""
