"""Who knows this person? The tracker: a justified, recorded question, answered with whom to ring.

`question` says what may be asked, `answers` what can come back, `picture` makes one row an agency out of
headline contacts. A search stays open for an hour; a footprint is only ever opened through a search of
one's own. There is no narrative here and no score: a pointer, with its freshness, and what was not looked
at said as plainly as what was.

Other modules use `footprint.acts`, `footprint.reads` and the types of `footprint.answers` and
`footprint.question`.
"""
