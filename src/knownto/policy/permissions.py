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
    WORK = "work"  # see what one owes, and what one's team owes
    REFER = "refer"  # write and send a referral, see one's own, and record why one was not sent
    SUPERVISE = "supervise"  # see and mark the referrals of one's own agency
    ASK = "ask"  # ask a team that a footprint shows
    ANSWER = "answer"  # answer what one's own team has been asked
    EPISODE = "episode"  # open one piece of work that one takes part in
    BOARD = "board"  # see the hub's board
    SCREEN = "screen"  # take a contact in hand, rate it, ask partners, join duplicates
    DECIDE = "decide"  # decide on a piece of work, each decision in a power that the role holds
    ANALYSE = "analyse"  # put health's information together, analyse it and sign it
    MEET = "meet"  # call a strategy discussion, and write down what was said and decided
    CHALLENGE = "challenge"  # disagree with a decision, and take it to the next stage
    HANDOVER = "handover"  # accept what the night hands to the day
    KNOWN_FACTS = "known-facts"  # record orders and who may be told, as facts about a person
    WHEREABOUTS = "whereabouts"  # set, look at and lift what keeps somebody's whereabouts from somebody
    COPIES = "copies"  # see which copies reached one's own agency's system, and export for it
    DESCRIPTORS = "descriptors"  # change the words that describe the levels of need
    INSPECT = "inspect"  # answer an inspector's questions about how work was done
    REVIEW = "review"  # say whether two partners' records are of one person, and see the evidence side by side
    GUARD = "guard"  # seal people and lift seals, with another agency; be told who looked for them, and answer
    REVIEW_LEAD = "review-lead"  # settle what two reviewers disagree on
    BREAK_GLASS = "break-glass"  # open one person for an hour because a life depends on it
    GLASS_REVIEW = "glass-review"  # see every glass that was broken, what was seen, and say whether it was right


# What these answer is about people, so each needs a purpose and the work it is for.
NEEDS_PURPOSE = frozenset({Permission.SEARCH, Permission.FOOTPRINT, Permission.PACK})

# What these answer belongs to one agency, and is for that agency's own people.
OWN_AGENCY_ONLY = frozenset(
    {
        Permission.SEND_FEED,
        Permission.FEEDS_OWN,
        Permission.RELEASE_FEED,
        Permission.SUPERVISE,
        Permission.ANSWER,
        Permission.COPIES,
    }
)

# What these do is done to one piece of work, so each needs a part in it.
NEEDS_PART = frozenset(
    {
        Permission.EPISODE,
        Permission.SCREEN,
        Permission.DECIDE,
        Permission.ANALYSE,
        Permission.MEET,
        Permission.CHALLENGE,
        Permission.KNOWN_FACTS,
    }
)

# What these do takes in all there is of the work, so of those who take part in it only they may who see the whole.
NEEDS_THE_WHOLE = frozenset({Permission.SCREEN, Permission.KNOWN_FACTS})
