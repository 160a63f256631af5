"""Write the table of bank holidays afresh: `python -m knownto.worktime.freeze 2026.2`. Needs `holidays`.

Run once a year or so, by a person who then compares the result with https://www.gov.uk/bank-holidays. A day that
is proclaimed in between goes into `tables/overrides.csv`.
"""

import sys
from importlib.metadata import version as version_of
from pathlib import Path

import holidays

YEARS = range(2015, 2042)  # from before the oldest open work to a year beyond the last that is proved
TABLE = Path(__file__).parent / "tables" / "bank_holidays_england.csv"


def table(version: str) -> str:
    """The whole file: what it is and where it comes from, then one line a day."""
    days = holidays.country_holidays("GB", subdiv="ENG", years=YEARS, language="en_GB")
    return "\n".join([
        f"# version: england-{version}",
        f"# source: the Python package holidays {version_of("holidays")}, United Kingdom, England, "
        f"{YEARS[0]} to {YEARS[-1]}, substitute days included",
        "# Do not edit: changes go into overrides.csv.",
        "date,name",
        *(f'{day.isoformat()},"{name}"' for day, name in sorted(days.items())),
    ]) + "\n"


if __name__ == "__main__":
    TABLE.write_text(table(sys.argv[1]), encoding="utf-8")
