"""Small numbers, hidden where whoever reads could work out who they are: one to five, and what would give them away.

Children's social care statistics hide 1 to 5, and a second figure wherever the first follows from the rest.
"""

from collections.abc import Sequence


def hidden(counts: Sequence[int], most: int) -> list[bool]:
    """Which of those counts, which are shown together with their sum, must not be shown. `most` is the largest small.

    >>> hidden([12, 3, 40], 5)
    [True, True, False]
    """
    small = [0 < count <= most for count in counts]
    if sum(small) == 1:
        others = [(count, place) for place, count in enumerate(counts) if count and not small[place]]
        if others:
            small[min(others)[1]] = True
    return small


def of(count: int, total: int, most: int) -> str:
    """"12 of 40", or no more than may be said: neither those counted nor the others may be few."""
    if 0 < count <= most or 0 < total - count <= most:
        return f"not shown: {most} or fewer are in one of the two" if total > most else f"not shown: {most} or fewer"
    return f"{count} of {total}"
