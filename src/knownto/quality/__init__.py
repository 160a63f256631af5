"""What a partner can put right in its own records: impossible, missing, conflicting, out of date, superseded.

Where two other agencies agree with one another and differ from a partner, it is told that, and never the value, nor
whose it is. `against` has what is compared, `steady` what keeps a partner from learning values by sending guesses.

Other modules use `quality.jobs.sweep`, `quality.reads` (overview, lines, for_sender) and `quality.acts.check_again`.
"""
