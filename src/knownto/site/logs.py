"""Logs that cannot hold personal data: a message's template and an error's type and place, never its arguments."""

import logging
import time
import traceback

QUOTES = "django.security."  # its message quotes what was sent; its logger's last name says what was wrong with it


class Bare(logging.Formatter):
    """Time in UTC, level, logger, the message before anything was put into it, and where an error arose.

    The text of an exception may quote a value, so only its type and the files and lines are written. An entry is one
    line, whatever is in it: nobody writes another's.
    """

    converter = time.gmtime
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def format(self, record: logging.LogRecord) -> str:
        line = f"{self.formatTime(record)} {record.levelname} {record.name} {self._said(record)}"
        return _one_line(line) + (self._place(record.exc_info[1]) if record.exc_info and record.exc_info[1] else "")

    @staticmethod
    def _said(record: logging.LogRecord) -> str:
        if record.name.startswith("knownto"):
            return record.getMessage()
        return "refused" if record.name.startswith(QUOTES) else str(record.msg).split("%")[0].strip()

    @staticmethod
    def _place(error: BaseException) -> str:
        frames = traceback.extract_tb(error.__traceback__)[-8:]
        where = " < ".join(f"{f.filename.rsplit('/', 3)[-1]}:{f.lineno}" for f in reversed(frames))
        return f" [{type(error).__name__} at {where}]"


def _one_line(text: str) -> str:
    """Line ends and other marks that a terminal obeys, written out."""
    return "".join(mark if mark.isprintable() else mark.encode("unicode_escape").decode() for mark in text)
