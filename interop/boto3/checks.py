# Runs checks in their order and prints one JSON line for each: interop/run.ts reads them.
import json
import sys
import time
import traceback

_checks = []


def check(sentence):
    def keep(work):
        _checks.append((sentence, work))
        return work

    return keep


def run():
    for sentence, work in _checks:
        started = time.monotonic()
        try:
            work()
            result = {"name": sentence, "ok": True}
        except Exception as fault:
            where = traceback.extract_tb(fault.__traceback__)[-1]
            result = {"name": sentence, "ok": False, "why": f"{type(fault).__name__}: {fault} (line {where.lineno}: {where.line})"}
        result["ms"] = round((time.monotonic() - started) * 1000)
        print(json.dumps(result), flush=True)


def same(found, expected):
    assert found == expected, f"found {found!r}, expected {expected!r}"


def refused(code, status, call, **parameters):
    """The typed error of the stock client: its class by name, its HTTP status; returns the message."""
    from botocore.exceptions import ClientError

    try:
        call(**parameters)
    except ClientError as fault:
        same(fault.response["Error"]["Code"], code)
        same(fault.response["ResponseMetadata"]["HTTPStatusCode"], status)
        return fault.response["Error"]["Message"]
    raise AssertionError(f"{code} was expected, and the call succeeded")


def argument(index):
    return sys.argv[index]
