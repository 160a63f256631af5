"""Partners who witness the ledger: they are shown its heads, and sign that they saw a log that only grew.

What a witness runs is `proof/witness.py`, on a machine of its own. Here is the other side: which witnesses there are,
what each has signed, and the alarm when one says nothing, or says no. Other modules use `reads`, `jobs` and `acts`.
"""
