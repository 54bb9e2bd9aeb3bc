# Memories and their events by boto3, which sends timestamps as float seconds and a client token of its own.
import time
from datetime import datetime, timezone

from checks import check, refused, run, same
from clients import control, data, role

made = {}


def event(session, payload, at=None, **more):
    when = datetime.now(timezone.utc) if at is None else at
    return data.create_event(memoryId=made["id"], actorId="users/ada:1", sessionId=session, eventTimestamp=when, payload=payload, **more)["event"]


def say(text, speaker="USER"):
    return {"conversational": {"role": speaker, "content": {"text": text}}}


def listed(session, **more):
    return data.list_events(memoryId=made["id"], actorId="users/ada:1", sessionId=session, **more)["events"]


@check("makes a memory with strategies, waits for it, changes, lists and tags it")
def _():
    strategies = [
        {"semanticMemoryStrategy": {"name": "Facts", "namespaces": ["/facts/{actorId}/"]}},
        {"summaryMemoryStrategy": {"name": "Summaries"}},
        {"userPreferenceMemoryStrategy": {"name": "Likes"}},
    ]
    memory = control.create_memory(
        name="BotoTalks", description="of boto3", eventExpiryDuration=30, memoryExecutionRoleArn=role, memoryStrategies=strategies
    )["memory"]
    made["id"] = memory["id"]
    control.get_waiter("memory_created").wait(memoryId=memory["id"])
    told = control.get_memory(memoryId=memory["id"])["memory"]
    same([one["type"] for one in told["strategies"]], ["SEMANTIC", "SUMMARIZATION", "USER_PREFERENCE"])
    assert isinstance(told["createdAt"], datetime), told
    dropped = [{"memoryStrategyId": told["strategies"][1]["strategyId"]}]
    changed = control.update_memory(memoryId=memory["id"], eventExpiryDuration=9, memoryStrategies={"deleteMemoryStrategies": dropped})["memory"]
    same([one["name"] for one in changed["strategies"]], ["Facts", "Likes"])
    same(changed["eventExpiryDuration"], 9)
    pages = control.get_paginator("list_memories").paginate(PaginationConfig={"PageSize": 1})
    assert memory["id"] in [one["id"] for page in pages for one in page["memories"]]
    control.tag_resource(resourceArn=memory["arn"], tags={"team": "a"})
    same(control.list_tags_for_resource(resourceArn=memory["arn"])["tags"], {"team": "a"})
    message = refused("ValidationException", 400, control.create_memory, name="BotoTalks", eventExpiryDuration=30)
    assert "already exists" in message, message


@check("keeps events letter for letter, in the order of their fractional seconds, and pages through them")
def _():
    payload = [say("\0 🦀 שלום"), {"blob": {"n": 1.5, "none": None, "list": [1, {"a": "b"}]}}, {"blob": "text"}]
    first = event("order", payload, at=1_700_000_000.25, metadata={"place": {"stringValue": "web"}})
    same(first["payload"], payload)
    same(first["eventTimestamp"].timestamp(), 1_700_000_000.25)
    second = event("order", [say("later")], at=1_700_000_000.5)
    same([one["eventId"] for one in listed("order")], [second["eventId"], first["eventId"]])
    pages = data.get_paginator("list_events").paginate(
        memoryId=made["id"], actorId="users/ada:1", sessionId="order", PaginationConfig={"PageSize": 1}
    )
    same([one["payload"][0]["conversational"]["content"]["text"] for page in pages for one in page["events"]], ["later", "\0 🦀 שלום"])
    same([one["payload"] for one in listed("order", includePayloads=False)], [[], []])
    there = {"left": {"metadataKey": "place"}, "operator": "EXISTS"}
    same([one["eventId"] for one in listed("order", filter={"eventMetadata": [there]})], [first["eventId"]])
    found = data.get_event(memoryId=made["id"], actorId="users/ada:1", sessionId="order", eventId=first["eventId"])["event"]
    same(found, first)


@check("forks a talk, and lists the fork with what it forked from")
def _():
    root = event("fork", [say("one")], at=1)
    event("fork", [say("two")], at=2)
    event("fork", [say("another two")], at=3, branch={"name": "retry", "rootEventId": root["eventId"]})
    names = listed("fork", filter={"branch": {"name": "retry", "includeParentBranches": True}})
    same([one["payload"][0]["conversational"]["content"]["text"] for one in names], ["another two", "one"])
    same(names[0]["branch"], {"name": "retry", "rootEventId": root["eventId"]})


@check("lists actors and sessions, deletes an event, and refuses what is too large by its field")
def _():
    same([one["actorId"] for one in data.list_actors(memoryId=made["id"])["actorSummaries"]], ["users/ada:1"])
    sessions = data.list_sessions(memoryId=made["id"], actorId="users/ada:1")["sessionSummaries"]
    same([one["sessionId"] for one in sessions], ["fork", "order"])
    gone = {"memoryId": made["id"], "actorId": "users/ada:1", "sessionId": "order", "eventId": listed("order")[0]["eventId"]}
    same(data.delete_event(**gone)["eventId"], gone["eventId"])
    refused("ResourceNotFoundException", 404, data.get_event, **gone)
    base = {"memoryId": made["id"], "actorId": "a", "sessionId": "s", "eventTimestamp": 1}
    for field, payload in {"payload": [say("x")] * 101, "payload[0].conversational.content.text": [say("x" * 100_001)]}.items():
        message = refused("ValidationException", 400, data.create_event, payload=payload, **base)
        assert field in message, message


@check("deletes the memory, and nothing of it is left")
def _():
    same(control.delete_memory(memoryId=made["id"])["status"], "DELETING")
    refused("ResourceNotFoundException", 404, data.list_actors, memoryId=made["id"])
    until = time.monotonic() + 20
    while any(one["id"] == made["id"] for one in control.list_memories(maxResults=100)["memories"]):
        assert time.monotonic() < until, "the memory is still there"
        time.sleep(0.05)


run()
