"""Why a row or a file is not as it should be, in words that let its author put it right.

Every rejection's sentence comes from here. None repeats what was found: it may be somebody's name. `what` names
columns, codes of the agreement and figures only.
"""

from dataclasses import dataclass

# Faults of a row: it is put aside, and the rest of the file goes on.
ROW: dict[str, str] = {
    "missing": "This is required and the cell is empty.",
    "too-long": "This is longer than {what} characters.",
    "hidden-characters": "This holds characters that cannot be seen or printed. Type it again without copying.",
    "not-a-date": "This is not a date. Write it as YYYY-MM-DD or DD/MM/YYYY, for example 2026-03-27 or 27/03/2026.",
    "no-such-date": "There is no such date. Days come before months: DD/MM/YYYY.",
    "placeholder-date": "1900-01-01 and 1970-01-01 stand for 'not known', and this column needs a real date.",
    "future": "This is after the day that the file is about.",
    "too-far-back": "This is before the year 1900.",
    "born-after": "The person was born long after this: one of the two dates is wrong.",
    "too-old": "This makes the person more than 120 years old.",
    "birth-not-expected": "An expected date of birth must be within 10 months of the day that the file is about.",
    "before-start": "This is before started_on.",
    "open-but-ended": "The status is open, and yet ended_on is given. Give one or the other.",
    "not-a-whole-number": "Write a whole number of years from 0 to 120, without words.",
    "not-one-of": "This must be one of: {what}.",
    "bad-nhs-number": "This is not a valid NHS number: it needs ten digits and the last is a check digit.",
    "bad-upn": "This is not a valid unique pupil number: it needs 13 characters and the first is a check letter.",
    "bad-pnc": "This is not a valid PNC identifier: it needs a year, a number and a check letter.",
    "bad-uprn": "A unique property reference number has 1 to 12 digits and nothing else.",
    "not-agreed-code": "This code is not in the agreement. It must be one of: {what}.",
    "not-a-team": "This is not one of the agency's team codes. They are listed on the contract page.",
    "nobody": "Nothing here says who the person is. Give a name, an NHS number, a UPN or a PNC identifier.",
    "change-in-snapshot": "A snapshot says what there is, so nothing can be removed in it. Leave the row out.",
    "twice": "The same record_id and contact_id were on line {what}. That line is kept and this one is put aside.",
    "other-columns": "This row has {what}. A comma inside a value needs quotation marks around the value.",
    "inexact-number": "The spreadsheet has rounded this number. Format the column as text and type it again.",
    "spreadsheet-error": "The spreadsheet shows an error in this cell.",
}

# Rows that the agreement keeps out. They are no mistake in the file, and don't count towards refusing it.
NOT_AGREED: dict[str, str] = {
    "only-on-request": "The agreement does not allow this in bulk: partners ask for this category when they need it.",
    "not-shared": "The agreement does not allow this in bulk: nothing of this category is shared.",
}

# Worth saying, though the row is accepted.
NOTICES: dict[str, str] = {
    "placeholder-date": "rows had a placeholder (1900-01-01 or 1970-01-01), which was read as 'no date'.",
    "before-birth": "rows were of work that began before the birth.",
    "not-kept": "rows were of contacts that ended more than {months} months ago, and were not kept.",
    "limited": "rows were of categories that the agreement limits: only open or not, last seen and team are kept.",
    "same-again": "rows were repeated word for word, and were read once.",
    "unseen-removal": "rows asked to remove what was not held.",
    "older-than-held": "rows were older than what is held, and changed nothing.",
}

# Faults of the whole file: it is refused, and nothing in it is read any further.
FILE: dict[str, str] = {
    "empty": "The file is empty: it has not even a line of headings.",
    "too-big": "The file is larger than {what} MB. Send it as several deltas, or ask for the limit to be raised.",
    "more-than-one": "Two files were sent at once. Send them one after the other.",
    "too-many-rows": "The file has more than {what} rows.",
    "not-utf-8": "Line {what} is not UTF-8 text. In Excel choose 'Save as', 'CSV UTF-8 (comma delimited)'.",
    "utf-16": "The file says that it is UTF-16 and is not. Save it as 'CSV UTF-8 (comma delimited)'.",
    "utf-32": "The file is in UTF-32. Save it as 'CSV UTF-8 (comma delimited)'.",
    "binary": "This is neither a CSV file nor an Excel workbook: it holds binary data.",
    "old-excel": "This is an old Excel workbook (.xls) or one with a password. Save it as .xlsx without a password.",
    "password": "This workbook has a password. Save it without one: it is sealed as soon as it arrives.",
    "compressed": "This is a compressed file. Send the CSV file or the workbook itself.",
    "pdf": "This is a PDF. Send the CSV file or the workbook that it was made from.",
    "web-page": "This is a web page or XML. Send a CSV file or an Excel workbook.",
    "not-a-workbook": "This is not an Excel workbook that can be read. Open it in Excel and save it again as .xlsx.",
    "workbook-too-big": "This workbook is too large to be read safely ({what}). Send it as CSV.",
    "delimiter": "The columns are separated by {what}. Separate them by commas: 'CSV UTF-8 (comma delimited)'.",
    "line-too-long": "Line {what} is too long to be a row of this file.",
    "open-quote": "A quotation mark that opens on line {what} is never closed properly.",
    "no-headings": "The first line must hold the columns' names, such as record_id. None of them was found there.",
    "unknown-headings": "These columns are not in the contract: {what}. Take them out: only what is agreed is sent.",
    "missing-headings": "These columns are required and are not there: {what}.",
    "repeated-headings": "These columns are there more than once: {what}.",
    "empty-heading": "A column has values and no name (column {what}).",
    "too-many-columns": "The file has more than {what} columns.",
    "as-of-in-future": "The file says that it is about a day that has not come yet.",
    "as-of-long-ago": "The file is about a day so long ago that nothing of it would be kept.",
    "too-many-bad": "{what}. That many suggest that the file itself is wrong, so nothing of it was taken.",
    "bad-manifest": 'The manifest cannot be read. It needs {{"rows": number, "sha256": "64 hexadecimal digits"}}.',
    "no-agreement": "There is no agreement in force for this agency, so nothing may be taken in.",
    "copy-gone": "The sealed copy of this file is no longer there, so it cannot be read again.",
}

# The file may be less than the whole truth: it is held, and a person of the agency decides.
HOLDS: dict[str, str] = {
    "older": "It is about an earlier day than a file that has already landed.",
    "rows-differ": "The manifest says {what}.",
    "sha-differs": "Its SHA-256 is not the one in the manifest: it was changed or cut off on its way.",
    "day-differs": "The manifest is for another day than the file.",
    "no-line-end": "Its last line has no line ending and it has no manifest, so it may have been cut off.",
    "short-row": "Its last row is shorter than the headings, so it may have been cut off.",
    "drops": "It would drop {what}. That many at once are rarely right.",
    "drops-unproved": "It would drop {what}, and it has no manifest to show that it is whole.",
    "drops-hidden": "It would drop {what}, and some bad rows do not say which contact they are about.",
}

ALL = {"row": ROW, "not-agreed": NOT_AGREED, "file": FILE, "hold": HOLDS}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one cell. `found` is what the cell held: only ever stored sealed."""

    field: str
    code: str
    what: str = ""
    found: str = ""

    @property
    def reason(self) -> str:
        return (ROW.get(self.code) or NOT_AGREED[self.code]).format(what=self.what)


class Unreadable(Exception):
    """The whole file is refused. `code` is one of FILE; the sentence holds nothing that was found in it."""

    def __init__(self, code: str, what: object = "") -> None:
        super().__init__(code)
        self.code = code
        self.what = what

    @property
    def reason(self) -> str:
        return FILE[self.code].format(what=self.what)
