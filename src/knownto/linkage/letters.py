"""Letters as they come from many systems, made capital letters without marks: "Łukasz", "Олена", "MaÅ‚gorzata".

What a system did to a name on its way is undone where it can be: UTF-8 read as Latin, entities of a web page, marks
that take no room. A letter that was lost (`?` inside a word) is left out, so that what is left is one slip away.
"""

import re
import unicodedata
from html import unescape

_SPECIAL = {
    "Ł": "L", "ł": "l", "Ø": "O", "ø": "o", "Đ": "D", "đ": "d", "Æ": "AE", "æ": "ae", "Œ": "OE", "œ": "oe",
    "ı": "i", "İ": "I", "Þ": "TH", "þ": "th", "Ð": "D", "ð": "d", "ə": "e", "Ə": "E", "ß": "ss", "ẞ": "SS",
    "Ħ": "H", "ħ": "h", "Ŋ": "NG", "ŋ": "ng", "Ɓ": "B", "ɓ": "b", "Ɗ": "D", "ɗ": "d", "Ƙ": "K", "ƙ": "k",
}  # fmt: skip
# Ukrainian as Ukraine's passports write it (resolution 55 of 2010), Russian and Bulgarian letters beside it.
_CYRILLIC = {
    "А": "A", "Б": "B", "В": "V", "Г": "H", "Ґ": "G", "Д": "D", "Е": "E", "Є": "IE", "Ё": "E", "Ж": "ZH", "З": "Z",
    "И": "Y", "І": "I", "Ї": "I", "Й": "I", "К": "K", "Л": "L", "М": "M", "Н": "N", "О": "O", "П": "P", "Р": "R",
    "С": "S", "Т": "T", "У": "U", "Ф": "F", "Х": "KH", "Ц": "TS", "Ч": "CH", "Ш": "SH", "Щ": "SHCH", "Ъ": "", "Ы": "Y",
    "Ь": "", "Э": "E", "Ю": "IU", "Я": "IA",
}  # fmt: skip
_MARKS = str.maketrans(
    _SPECIAL | _CYRILLIC | {c.lower(): latin.lower() for c, latin in _CYRILLIC.items()}
    | dict.fromkeys("‘’‛ʼʻʹʽʾʿˈˊˋ′‵´`＇՚׳ꞌ᾿ˮ\x91\x92", "'")
    | dict.fromkeys("“”„‟«»″＂\x93\x94", '"')
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff", "")
)  # fmt: skip
_MISREAD = frozenset("ÃÅÄÂ")
_ENTITY = re.compile(r"&(?:#\d{2,4}|#x[\da-fA-F]{2,4}|[a-zA-Z]{2,8});")
_LOST = re.compile(r"(?<=[^\W\d_])[?\ufffd]+(?=[^\W\d_])")


def fold(text: str) -> str:
    """Capital letters without accents: "Łukasz" -> "LUKASZ". Never raises."""
    if "&" in text and _ENTITY.search(text):
        text = unescape(text)
    if text.isascii():
        text = _LOST.sub("", text) if "?" in text else text
        return (text.replace("`", "'") if "`" in text else text).upper()
    if not _MISREAD.isdisjoint(text):
        text = _reread(text)
    apart = unicodedata.normalize("NFKD", _LOST.sub("", text).translate(_MARKS)).translate(_MARKS)  # ‴ is three primes
    return "".join(c for c in apart if not unicodedata.combining(c)).upper()


def _reread(text: str) -> str:
    """UTF-8 that some system took for Latin letters, read as it was meant; else the text as it is."""
    for encoding in ("cp1252", "latin-1"):
        try:
            return text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return text
