"""Who is who: records, beliefs, people, households, and how we change our mind.

A partner's record is evidence; that two records are of one person is a belief, with its bits, its model and whoever
confirmed it. A person is worked out from beliefs, never merged: the older record keeps the person's id when they
part, and everything can be undone. Records are found by blind keys alone, through functions in the database that
answer with opaque ids.

Other modules use `identity.acts` (catch_up, link, unlink, forbid, undo), `identity.reads` (find, person, household,
addresses, at_address, searched_tokens; each inside rows that an audited act has opened) and the types in
`identity.answers`.
"""
