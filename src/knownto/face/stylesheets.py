"""Prepare somebody else's minified stylesheet for our pages.

The published design systems carry marks that only GOV.UK may use: the GDS Transport typeface, the crown and
the crest. They also name their pictures under `/assets/`, where we serve nothing. The functions here take
those out. They understand just enough CSS for minified files: rules, nested at-rules, strings and comments.
"""

import re
from collections.abc import Callable, Iterator

FONT_STACK = '"Segoe UI",Roboto,"Helvetica Neue","Noto Sans","Liberation Sans",Arial,sans-serif'

_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|/\*.*?\*/|url\([^)]*\)|[{};]', re.DOTALL)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_NESTED = ("@media", "@supports", "@layer", "@container")


def blocks(css: str) -> Iterator[tuple[str, str | None]]:
    """Yield each top-level (prelude, body); a statement such as `@charset` has no body."""
    start, depth, opened = 0, 0, 0
    for token in _TOKEN.finditer(css):
        mark = token.group()
        if mark == "{":
            opened, depth = (token.start(), 1) if depth == 0 else (opened, depth + 1)
        elif mark == "}":
            depth -= 1
            if depth == 0:
                yield css[start:opened].strip(), css[opened + 1 : token.start()]
                start = token.end()
        elif mark == ";" and depth == 0:
            yield css[start : token.start()].strip(), None
            start = token.end()


def selectors(prelude: str) -> list[str]:
    """Split `a,b:is(c,d)` at its outer commas only."""
    return [part.strip() for part in re.split(r",(?![^()]*\))", prelude)]


def keep_rules(css: str, wanted: Callable[[str], bool]) -> str:
    """Return `css` without typefaces, statements and comments, with only the selectors that are wanted."""
    return "".join(_kept(prelude, body, wanted) for prelude, body in blocks(_COMMENT.sub("", css)))


def _kept(prelude: str, body: str | None, wanted: Callable[[str], bool]) -> str:
    if body is None or prelude.startswith("@font-face"):
        return ""
    if prelude.startswith(_NESTED):
        inner = keep_rules(body, wanted)
        return f"{prelude}{{{inner}}}" if inner else ""
    if prelude.startswith("@"):
        return f"{prelude}{{{body}}}"
    left = [selector for selector in selectors(prelude) if wanted(selector)]
    return f"{','.join(left)}{{{body}}}" if left else ""


def own_typeface(css: str) -> str:
    """Replace the typeface that only GOV.UK may use."""
    return re.sub(r'"?GDS Transport"?,arial,sans-serif', FONT_STACK, css)


def own_pictures(css: str, folder: str = "images/") -> tuple[str, set[str]]:
    """Point `/assets/images/x.svg` at `folder`, and say which pictures are needed."""
    named = re.compile(r"url\(([\"']?)/assets/images/([^)\"']+)\1\)")
    return named.sub(rf"url({folder}\2)", css), {match[1] for match in named.findall(css)}
