"""What programs do to texts on their way: escapes, entities, wrong encodings, characters that nobody sees.

Belongs here: undoing what can be undone exactly, and doubting the rest. Not here: spellings (`dbt_project`).
"""

import html
import re
import unicodedata

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

# Anything that could be at fault: all that is not plain ASCII, entities, the escapes of Open XML, texts as formulas,
# and question marks inside words, which stand for letters that an encoding did not have.
_SUSPECT = r"[^ -~]|&#?[A-Za-z0-9]+;|_x[0-9A-Fa-f]{4}_|^=\"|^b['\"]|[A-Za-z]\?[A-Za-z]"
# How a text is kept from being taken for a number, and how Python writes one that it holds as bytes.
_WRAPPED = re.compile(r'="(?P<formula>[^"]*)"|b\'(?P<bytes>[^\']*)\'|b"(?P<quoted>[^"]*)"')
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ENTITY = re.compile(r"&#?[A-Za-z0-9]+;")
_DOUBT = re.compile(
    "\ufffd|[ÃÂâ][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2122]"
    r"|[√├┬]|[A-Za-z]\?[A-Za-z]|[a-z][À-ÖØ-Þ][a-z]"
)
_AS_OFTEN_AS = 3  # a text may have been read in the wrong encoding, or escaped, more than once
_CODE_PAGES = {"mac_roman": "√≈‚", "cp850": "├┬┼Ô"}  # of old Macintosh and DOS, and the letters that give them away


def without_faults(texts: pa.ChunkedArray) -> tuple[pa.ChunkedArray, np.ndarray, np.ndarray]:
    """The texts with what can be undone undone, and the positions of those changed and of those that are in doubt."""
    positions = np.flatnonzero(pc.fill_null(pc.match_substring_regex(texts, _SUSPECT), False).to_numpy())
    if not len(positions):
        return texts, positions, positions
    suspect = texts.take(pa.array(positions)).to_pylist()
    known = {text: undone(text) for text in set(suspect)}
    is_changed = np.array([known[text] != text for text in suspect])
    is_doubtful = np.array([bool(_DOUBT.search(known[text])) for text in suspect])
    if is_changed.any():
        series = pd.Series(texts, dtype="str")
        series.iloc[positions] = [known[text] for text in suspect]
        texts = pa.chunked_array([pa.array(series.where(series != ""), pa.string(), from_pandas=True)])
    return texts, positions[is_changed], positions[is_doubtful]


def undone(text: str) -> str:
    """The text without escapes, entities and invisible characters, in the encoding it was meant in."""
    plain = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    if wrapped := _WRAPPED.fullmatch(plain.strip()):
        plain = wrapped[wrapped.lastgroup or 0]
    for _ in range(_AS_OFTEN_AS):
        plain, before = _reencoded(html.unescape(plain) if _ENTITY.search(plain) else plain), plain
        if plain == before:
            break
    return _visible(plain) if not plain.isprintable() else plain


def _reencoded(text: str) -> str:
    """What a text in UTF-8 was before somebody read it in a code page; the text itself where it never was."""
    if text.isascii():
        return text
    likely = [page for page, letters in _CODE_PAGES.items() if any(letter in text for letter in letters)]
    for page in ("cp1252", *likely):
        try:
            return b"".join(_byte(letter, page) for letter in text).decode("utf-8")
        except (UnicodeDecodeError, UnicodeEncodeError):
            continue
    return text


def _byte(letter: str, page: str) -> bytes:
    """As browsers and Excel do it: the five bytes that Windows-1252 has no letter for stand for themselves."""
    return bytes([ord(letter)]) if "\u0080" <= letter <= "\u009f" else letter.encode(page)


def _visible(text: str) -> str:
    """Line breaks and tabs as blanks; no control, zero-width or direction marks."""
    spaced = "".join(" " if letter in "\t\n\r\v\f\u0085\u2028\u2029" else letter for letter in text)
    shown = "".join(letter for letter in spaced if unicodedata.category(letter) not in ("Cc", "Cf", "Cs"))
    return shown.strip() if spaced != text else shown
