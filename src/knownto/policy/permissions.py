"""Everything that can be asked of the product, one line each."""

from enum import StrEnum


class Permission(StrEnum):
    """A thing somebody might do. A page or act that names none of these cannot be reached."""

    SIGN_IN = "sign-in"  # pages needed before anybody is known: no personal data on any of them
    OWN_ACCOUNT = "own-account"  # one's own password, second factor and record of use
    SEARCH = "search"  # ask who a person or an address is known to
    FOOTPRINT = "footprint"  # see which agencies know a person that a search of one's own found
    PACK = "pack"  # print the footprint
    QUERY_RECORD = "query-record"  # say 'this is wrong' of something shown
    SEND_FEED = "send-feed"  # hand in one's own agency's file
    FEEDS_OWN = "feeds-own"  # see what became of one's own agency's files, rejected rows included
    RELEASE_FEED = "release-feed"  # let a held file of one's own agency go on, or turn it away
    FEEDS_STATE = "feeds-state"  # see every agency's freshness and counts, never a row
    WHO_LOOKED = "who-looked"  # see who looked at a person, and everything a worker looked at
    AGREEMENTS = "agreements"  # read the sharing agreements in force
    STATISTICS = "statistics"  # see counts of use, no person in them
    WORKERS = "workers"  # add and close accounts, and give roles; no person's information


# What these answer is about people, so each needs a purpose and the work it is for.
NEEDS_PURPOSE = frozenset({Permission.SEARCH, Permission.FOOTPRINT, Permission.PACK})

# What these answer belongs to one agency, and is for that agency's own people.
OWN_AGENCY_ONLY = frozenset({Permission.SEND_FEED, Permission.FEEDS_OWN, Permission.RELEASE_FEED})
