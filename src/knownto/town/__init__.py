"""One fictional borough that lives for a year, with the truth known.

`build(size, seed, ends)` makes a town (small, borough, region); `write(town, folder)` writes the daily files that its
agencies would send and, apart from them, the truth. `stories`, `searches`, `agencies`, `teams` and `personas` give
what a demonstration and a benchmark need. Nothing here is real: names are common ones put together at random, streets
and postcodes do not exist, numbers come from the ranges kept for tests and for drama.
"""

from knownto.town.cast import agencies, personas, teams
from knownto.town.files import write
from knownto.town.searches import searches
from knownto.town.town import SIZES, Town, build, stories

__all__ = ["SIZES", "Town", "agencies", "build", "personas", "searches", "stories", "teams", "write"]
