#!/usr/bin/env python3
"""check_sarif.py FILE...: what SARIF 2.1.0 demands of the objects that leash writes: required properties, types,
enumerations, indexes, URIs, and that there is nothing which the standard does not know."""
import json
import re
import sys

STRING, INTEGER, BOOLEAN, BAG = str, int, bool, dict
LEVEL = ("none", "note", "warning", "error")

# type: {property: (what it is, required)}; what: a Python type, a type's name, [one of these], a tuple of words
OBJECTS = {
    "log": {"$schema": (STRING, False), "version": (("2.1.0",), True), "runs": (["run"], True)},
    "run": {"tool": ("tool", True), "columnKind": (("utf16CodeUnits", "unicodeCodePoints"), False),
            "originalUriBaseIds": ("bases", False), "invocations": (["invocation"], False),
            "artifacts": (["artifact"], False), "results": (["result"], False)},
    "tool": {"driver": ("driver", True)},
    "driver": {"name": (STRING, True), "version": (STRING, False), "rules": (["rule"], False)},
    "rule": {"id": (STRING, True), "name": (STRING, False), "shortDescription": ("message", False),
             "help": ("message", False), "defaultConfiguration": ("configuration", False), "properties": (BAG, False)},
    "configuration": {"level": (LEVEL, False)},
    "message": {"text": (STRING, True)},
    "invocation": {"executionSuccessful": (BOOLEAN, True), "exitCode": (INTEGER, False),
                   "toolExecutionNotifications": (["notification"], False)},
    "notification": {"level": (LEVEL, False), "message": ("message", True)},
    "artifact": {"location": ("artifactLocation", False), "roles": ([("analysisTarget",)], False)},
    "artifactLocation": {"uri": (STRING, False), "uriBaseId": (STRING, False), "index": (INTEGER, False),
                         "description": ("message", False)},
    "result": {"ruleId": (STRING, True), "ruleIndex": (INTEGER, True), "kind": (("fail",), False),
               "level": (LEVEL, True), "message": ("message", True), "locations": (["location"], True),
               "partialFingerprints": (BAG, True), "occurrenceCount": (INTEGER, True),
               "analysisTarget": ("artifactLocation", False), "suppressions": (["suppression"], True),
               "properties": (BAG, False), "stacks": (["stack"], False), "codeFlows": (["codeFlow"], False),
               "relatedLocations": (["location"], False),
               "baselineState": (("new", "unchanged", "updated", "absent"), False)},
    "suppression": {"kind": (("inSource", "external"), True), "status": (("accepted", "underReview", "rejected"), False),
                    "justification": (STRING, False)},
    "location": {"physicalLocation": ("physicalLocation", False), "logicalLocations": (["logicalLocation"], False),
                 "message": ("message", False)},
    "logicalLocation": {"fullyQualifiedName": (STRING, False), "kind": (STRING, False)},
    "physicalLocation": {"artifactLocation": ("artifactLocation", True), "region": ("region", False)},
    "region": {"startLine": (INTEGER, True), "startColumn": (INTEGER, False), "endColumn": (INTEGER, False),
               "snippet": ("content", False)},
    "content": {"text": (STRING, False)},
    "stack": {"message": ("message", False), "frames": (["frame"], True)},
    "frame": {"location": ("location", False), "module": (STRING, False)},
    "codeFlow": {"message": ("message", False), "threadFlows": (["threadFlow"], True)},
    "threadFlow": {"locations": (["threadFlowLocation"], True)},
    "threadFlowLocation": {"location": ("location", False),
                           "importance": (("important", "essential", "unimportant"), False)},
}
NOT_EMPTY = {"runs", "threadFlows"}
URI = re.compile(r"(file:///)?(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})*\Z")


class Fault(Exception):
    pass


def demand(truth, where, words):
    if not truth:
        raise Fault(f"{where}: {words}")


def check_value(value, what, where):
    if isinstance(what, tuple):
        demand(value in what, where, f"{value!r} is none of {what}")
    elif isinstance(what, list):
        demand(isinstance(value, list), where, "is no array")
        for i, item in enumerate(value):
            check_value(item, what[0], f"{where}[{i}]")
    elif what == "bases":
        for name, base in value.items():
            check_value(base, "artifactLocation", f"{where}.{name}")
    elif isinstance(what, str):
        check_object(value, what, where)
    else:
        demand(type(value) is what, where, f"is no {what.__name__}: {value!r}")


def check_object(value, kind, where):
    demand(isinstance(value, dict), where, "is no object")
    known = OBJECTS[kind]
    for name, (what, required) in known.items():
        demand(name in value or not required, where, f"has no {name}")
    for name, inner in value.items():
        demand(name in known, where, f"{kind} knows no {name}")
        check_value(inner, known[name][0], f"{where}.{name}")
        demand(name not in NOT_EMPTY or inner, where, f"{name} is empty")
    if kind == "artifactLocation":
        check_uri(value, where)
    if kind == "region":
        check_region(value, where)
    if kind == "message":
        check_message(value["text"], where)


def check_uri(place, where):
    uri = place.get("uri")
    demand(uri is not None or "description" in place, where, "names nothing")
    if uri is None:
        return
    demand(URI.match(uri), where, f"no URI: {uri!r}")
    if "uriBaseId" in place:
        demand(not uri.startswith(("/", "file:")), where, f"{uri!r} is relative to nothing")
        demand(not {".", "..", ""} & set(uri.split("/")), where, f"{uri!r} is not normalised")


def check_region(region, where):
    demand(region["startLine"] >= 1, where, "lines begin at 1")
    if "startColumn" in region:
        demand(1 <= region["startColumn"] <= region.get("endColumn", region["startColumn"]), where, "columns")


def check_message(text, where):
    demand(text, where, "is empty")
    demand(not re.search(r"(?<!\\)\]\(", text), where, f"has a link: {text!r}")
    demand(not re.search(r"(?<!\{)(?:\{\{)*\{\d+\}(?!\})", text), where, f"has a placeholder: {text!r}")
    for letter in text:
        demand(letter == "\n" or ord(letter) >= 0x20, where, f"has a control byte: {text!r}")


def check_run(run, where):
    rules = run["tool"]["driver"]["rules"]
    ids = [rule["id"] for rule in rules]
    demand(len(set(ids)) == len(ids), where, "two rules of one id")
    for i, result in enumerate(run["results"]):
        place = f"{where}.results[{i}]"
        demand(0 <= result["ruleIndex"] < len(rules), place, "ruleIndex")
        demand(ids[result["ruleIndex"]] == result["ruleId"], place, "ruleIndex is another rule's")
        demand(0 <= result["analysisTarget"]["index"] < len(run["artifacts"]), place, "no such artifact")
        artifact = run["artifacts"][result["analysisTarget"]["index"]]
        demand(artifact["location"]["uri"] == result["analysisTarget"]["uri"], place, "another artifact")
        demand(all(type(value) is str for value in result["partialFingerprints"].values()), place, "fingerprints")
        demand(result["occurrenceCount"] >= 1, place, "occurrenceCount")
    bases = set(run.get("originalUriBaseIds", {}))
    used = set(re.findall(r'"uriBaseId": "([^"]*)"', json.dumps(run)))
    demand(used <= bases, where, f"uriBaseId of nothing: {used - bases}")


def check(log):
    check_object(log, "log", "$")
    for i, run in enumerate(log["runs"]):
        check_run(run, f"$.runs[{i}]")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        with open(name, encoding="utf-8") as file:
            try:
                check(json.load(file))
            except Fault as fault:
                sys.exit(f"{name}: {fault}")
