"""What each partner tells us each day: receive, check, reject, land, replay.

A file is sealed as it arrives, staged and checked row by row, and then lands in one transaction or not at all.
Bad rows are put aside with their line, column and reason (`faults`); what looks like less than the whole truth is
held for a person (`holding`). What may be sent is `contract`; how much of it is kept follows the agency's agreement.

Other modules use `feeds.acts` (take_in, hand_in, receive, carry_on, release, turn_away, replay, set_up, when_landed,
still_matching_from), `feeds.reads` (freshness, waiting) and `feeds.models` names (Record, Contact, File, Feed).
"""
