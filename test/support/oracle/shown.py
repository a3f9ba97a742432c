"""Reads names back from what was printed, by the rules of the manual's OUTPUT and JSON EVENTS alone."""

import base64
import json
import re
import unicodedata

ESCAPE = re.compile(rb"\\#([0-3][0-7]{2})")


def read_name(shown):
    """`\\#ooo` is one byte; all else stands for itself, as UTF-8."""
    name = ESCAPE.sub(lambda escape: bytes([int(escape[1], 8)]), shown.encode("utf-8", "strict"))
    return name.decode("latin1")


def acts_on_terminals(character):
    """Controls, and what is invisible or changes the direction of text; rsync lets a tab stand."""
    return character != "\t" and unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp")


def check_lines(printed):
    """What must not be in a printed text, given as latin1, but for the line ends."""
    text = printed.encode("latin1").decode("utf-8", "strict")
    return sorted({f"U+{ord(each):04X}" for each in text if each != "\n" and acts_on_terminals(each)})


def read_events(printed):
    """Each object of JSON lines with its names as exact bytes."""
    text = printed.encode("latin1").decode("utf-8", "strict")
    return [exact(json.loads(line)) for line in text.split("\n") if line]


def exact(value):
    if isinstance(value, list):
        return [exact(each) for each in value]
    if not isinstance(value, dict):
        return value
    result = {key: exact(each) for key, each in value.items() if not key.endswith("Base64")}
    for key in ("path", "linkedTo", "source", "destination"):
        if isinstance(value.get(key), str):
            result[key] = exact_name(value, key)
    return result


def exact_name(value, key):
    if f"{key}Base64" in value:
        name = base64.b64decode(value[f"{key}Base64"], validate=True)
        if name.decode("utf-8", "replace") == value[key] and "\ufffd" not in value[key]:
            raise ValueError(f"{key} needs no base64")
    else:
        name = value[key].encode("utf-8", "strict")
    return name.decode("latin1")
