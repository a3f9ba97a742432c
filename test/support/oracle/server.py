"""Answers requests, one JSON object a line: builds, surveys, compares and changes trees.

Names and paths are latin1 strings, one character a byte.
"""

import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.setrecursionlimit(20_000)

from build import write_tree  # noqa: E402
from compare import compare  # noqa: E402
from mutate import mutate  # noqa: E402
from shown import check_lines, read_events, read_name  # noqa: E402
from survey import survey  # noqa: E402


def answer(request):
    paths = {key: request[key].encode("latin1") for key in ("root", "source", "destination") if key in request}
    operation = request["operation"]
    if operation == "write":
        return write_tree(paths["root"], request["nodes"], request.get("meta"))
    if operation == "survey":
        return survey(paths["root"])
    if operation == "compare":
        return compare(paths["source"], paths["destination"], request["options"])
    if operation == "mutate":
        return mutate(paths["root"], request["mutations"])
    if operation == "readNames":
        return [read_name(shown) for shown in request["shown"]]
    if operation == "checkLines":
        return check_lines(request["printed"])
    if operation == "readEvents":
        return read_events(request["printed"])
    raise ValueError(f"unknown operation {operation}")


def main():
    os.umask(0)
    for line in sys.stdin:
        try:
            reply = {"value": answer(json.loads(line))}
        except Exception as error:  # noqa: BLE001 - the test that asked gets it.
            reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), flush=True)


main()
