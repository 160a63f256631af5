"""A worry arrives: contact, referral, the hub's decision, partners' checks, strategy discussion, feedback, nights.

The pathways themselves are data (`pathway`, `protection`); what people do is in one file a piece of work, and each of
those files is `acts` in the sense of the house: keyword-only, always `by=`, one transaction, ledger entry inside.
"""
