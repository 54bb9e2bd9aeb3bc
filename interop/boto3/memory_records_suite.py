# Records of a memory by boto3: written, listed, found, changed and deleted.
from datetime import datetime, timezone

from checks import check, refused, run, same
from clients import control, data

made = {}


def record(name, text, **more):
    when = datetime(2026, 3, 1, 10, 0, tzinfo=timezone.utc)
    return {"requestIdentifier": name, "namespaces": ["/notes/ada/"], "timestamp": when, "content": {"text": text}, **more}


def texts(answer):
    return [one["content"]["text"] for one in answer["memoryRecordSummaries"]]


@check("writes records, and tells which of them it could not write")
def _():
    keys = [{"key": "topic", "type": "STRING"}, {"key": "stars", "type": "NUMBER"}]
    made["id"] = control.create_memory(name="BotoRecords", eventExpiryDuration=30, indexedKeys=keys)["memory"]["id"]
    records = [
        record("one", "Ada: I painted the fence \0 🦀 שלום", metadata={"topic": {"stringValue": "home"}, "stars": {"numberValue": 4.5}}),
        record("two", "Bob: The posts are old.", metadata={"stars": {"numberValue": 2}}),
        record("three", "wrong", metadata={"stars": {"stringValue": "many"}}),
    ]
    answer = data.batch_create_memory_records(memoryId=made["id"], records=records)
    same([one["requestIdentifier"] for one in answer["successfulRecords"]], ["one", "two"])
    same([(one["requestIdentifier"], one["status"], one["errorCode"]) for one in answer["failedRecords"]], [("three", "FAILED", 400)])
    made["one"], made["two"] = [one["memoryRecordId"] for one in answer["successfulRecords"]]
    found = data.get_memory_record(memoryId=made["id"], memoryRecordId=made["one"])["memoryRecord"]
    same(found["content"]["text"], records[0]["content"]["text"])
    same(found["createdAt"], records[0]["timestamp"])
    same(found["metadata"], records[0]["metadata"])


@check("lists by pages, and finds by question, path and metadata")
def _():
    pages = data.get_paginator("list_memory_records").paginate(memoryId=made["id"], namespacePath="/notes", PaginationConfig={"PageSize": 1})
    same(len([one for page in pages for one in page["memoryRecordSummaries"]]), 2)
    best = data.retrieve_memory_records(memoryId=made["id"], namespace="/notes/ada/", searchCriteria={"searchQuery": "What did Ada paint?", "topK": 1})
    same(best["memoryRecordSummaries"][0]["memoryRecordId"], made["one"])
    assert 0 < best["memoryRecordSummaries"][0]["score"] <= 1, best
    few = {"left": {"metadataKey": "stars"}, "operator": "LESS_THAN", "right": {"metadataValue": {"numberValue": 3}}}
    held = {"searchQuery": "paint", "metadataFilters": [few]}
    same(texts(data.retrieve_memory_records(memoryId=made["id"], namespacePath="/", searchCriteria=held)), ["Bob: The posts are old."])
    unknown = {"left": {"metadataKey": "unknown"}, "operator": "EXISTS"}
    message = refused("ValidationException", 400, data.list_memory_records, memoryId=made["id"], namespace="/notes/ada/", metadataFilters=[unknown])
    assert "metadataFilters[0]" in message, message


@check("changes a record, and deletes records")
def _():
    change = {"memoryRecordId": made["one"], "timestamp": datetime.now(timezone.utc), "content": {"text": "Ada: I sold the house."}}
    same(len(data.batch_update_memory_records(memoryId=made["id"], records=[change])["successfulRecords"]), 1)
    found = data.retrieve_memory_records(memoryId=made["id"], namespace="/notes/ada/", searchCriteria={"searchQuery": "selling a house"})
    same(texts(found)[0], "Ada: I sold the house.")
    same(data.delete_memory_record(memoryId=made["id"], memoryRecordId=made["one"])["memoryRecordId"], made["one"])
    refused("ResourceNotFoundException", 404, data.get_memory_record, memoryId=made["id"], memoryRecordId=made["one"])
    gone = data.batch_delete_memory_records(memoryId=made["id"], records=[{"memoryRecordId": made["one"]}, {"memoryRecordId": made["two"]}])
    same([one["memoryRecordId"] for one in gone["successfulRecords"]], [made["two"]])
    same([(one["memoryRecordId"], one["errorCode"]) for one in gone["failedRecords"]], [(made["one"], 404)])
    same(texts(data.list_memory_records(memoryId=made["id"], namespace="/notes/ada/")), [])


run()
