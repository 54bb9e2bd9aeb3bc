# The life of runtimes and sessions by boto3: what issue 2 calls done.
import json
import time

from checks import argument, check, refused, run, same
from clients import artifact, bucket, control, create, data, invoke, role, s3, session, settled, upload

node_source, python_source = argument(1), argument(2)
runtimes = {}


@check("uploads zips to S3")
def _():
    upload("node.zip", node_source, "main.js")
    upload("python.zip", python_source, "main.py")
    same([entry["Key"] for entry in s3.list_objects_v2(Bucket=bucket)["Contents"]], ["node.zip", "python.zip"])


@check("creates a Node and a Python runtime, which become READY")
def _():
    for name, runtime, entry_point in (("node", "NODE_22", "main.js"), ("python", "PYTHON_3_11", "main.py")):
        made = create(f"interop_{name}", f"{name}.zip", runtime, entry_point, environmentVariables={"AGENT_VERSION": "1"})
        same(made["ResponseMetadata"]["HTTPStatusCode"], 202)
        found = settled(made["agentRuntimeId"])
        same((found["status"], found.get("failureReason")), ("READY", None))
        runtimes[name] = {"id": made["agentRuntimeId"], "arn": made["agentRuntimeArn"]}


@check("keeps state within a session and shares it with no other")
def _():
    for name in ("node", "python"):
        arn = runtimes[name]["arn"]
        one, two = session(f"{name}-one"), session(f"{name}-two")
        counts = [invoke(arn, {"prompt": "hi"}, runtimeSessionId=which)["count"] for which in (one, one, two)]
        same(counts, [1, 2, 1])


@check("makes a session id where none is given, and returns it with status and content type")
def _():
    answer = data.invoke_agent_runtime(agentRuntimeArn=runtimes["node"]["arn"], payload=b"{}")
    same((answer["statusCode"], answer["contentType"]), (200, "application/json"))
    assert len(answer["runtimeSessionId"]) >= 33


@check("streams server-sent events that arrive apart in time")
def _():
    answer = data.invoke_agent_runtime(agentRuntimeArn=runtimes["node"]["arn"], payload=b'{"stream": 4}', accept="text/event-stream")
    assert "text/event-stream" in answer["contentType"]
    pieces, arrived = [], []
    for line in answer["response"].iter_lines(chunk_size=1):
        if line.startswith(b"data: "):
            pieces.append(json.loads(line[6:])["piece"])
            arrived.append(time.monotonic())
    same(pieces, [1, 2, 3, 4])
    assert arrived[-1] - arrived[0] > 0.35, f"all came within {arrived[-1] - arrived[0]:.3f} s"


@check("stops a session; the same id then starts afresh, and an unknown one is 404")
def _():
    arn, which = runtimes["node"]["arn"], session("stopped")
    same(invoke(arn, {}, runtimeSessionId=which)["count"], 1)
    same(data.stop_runtime_session(agentRuntimeArn=arn, runtimeSessionId=which)["statusCode"], 200)
    refused("ResourceNotFoundException", 404, data.stop_runtime_session, agentRuntimeArn=arn, runtimeSessionId=which)
    same(invoke(arn, {}, runtimeSessionId=which)["count"], 1)


@check("runs a command beside the agent, and reads its output as events")
def _():
    for name in ("node", "python"):
        which = session(f"{name}-one")
        body = {"command": "echo out; echo err >&2; exit 3", "timeout": 30}
        answer = data.invoke_agent_runtime_command(agentRuntimeArn=runtimes[name]["arn"], runtimeSessionId=which, body=body)
        same((answer["statusCode"], answer["runtimeSessionId"]), (200, which))
        chunks = [event["chunk"] for event in answer["stream"]]
        same((chunks[0], chunks[-1]), ({"contentStart": {}}, {"contentStop": {"exitCode": 3, "status": "COMPLETED"}}))
        for stream, text in (("stdout", "out\n"), ("stderr", "err\n")):
            same("".join(chunk.get("contentDelta", {}).get(stream, "") for chunk in chunks), text)


@check("lists by pages")
def _():
    pages = list(control.get_paginator("list_agent_runtimes").paginate(PaginationConfig={"PageSize": 1}))
    names = [entry["agentRuntimeName"] for page in pages for entry in page["agentRuntimes"]]
    same(sorted(names), ["interop_node", "interop_python"])
    assert len(pages) >= 2


@check("updates to version 2 while a session of version 1 lives on with version 1")
def _():
    node, old = runtimes["node"], session("old")
    same(invoke(node["arn"], {}, runtimeSessionId=old)["version"], "1")
    control.update_agent_runtime(
        agentRuntimeId=node["id"],
        agentRuntimeArtifact=artifact("node.zip", "NODE_22", "main.js"),
        roleArn=role,
        networkConfiguration={"networkMode": "PUBLIC"},
        environmentVariables={"AGENT_VERSION": "2"},
    )
    same(settled(node["id"])["agentRuntimeVersion"], "2")
    again = invoke(node["arn"], {}, runtimeSessionId=old)
    same((again["version"], again["count"]), ("1", 2))
    same(invoke(node["arn"], {}, runtimeSessionId=session("new"))["version"], "2")
    versions = control.list_agent_runtime_versions(agentRuntimeId=node["id"])["agentRuntimes"]
    same([entry["agentRuntimeVersion"] for entry in versions], ["1", "2"])


@check("serves a version by a named endpoint")
def _():
    node = runtimes["node"]
    control.create_agent_runtime_endpoint(agentRuntimeId=node["id"], name="stable", agentRuntimeVersion="1")
    same(invoke(node["arn"], {}, qualifier="stable")["version"], "1")
    same(invoke(node["arn"], {}, qualifier="DEFAULT")["version"], "2")
    control.delete_agent_runtime_endpoint(agentRuntimeId=node["id"], endpointName="stable")


@check("keeps tags")
def _():
    arn = runtimes["python"]["arn"]
    control.tag_resource(resourceArn=arn, tags={"team": "a b+c", "cost": "1"})
    control.untag_resource(resourceArn=arn, tagKeys=["cost"])
    same(control.list_tags_for_resource(resourceArn=arn)["tags"], {"team": "a b+c"})


@check("gives errors the types that boto3 knows")
def _():
    unknown = "arn:aws:bedrock-agentcore:us-east-1:000000000000:runtime/none-0123456789"
    refused("ResourceNotFoundException", 404, control.get_agent_runtime, agentRuntimeId="none-0123456789")
    refused("ResourceNotFoundException", 404, data.invoke_agent_runtime, agentRuntimeArn=unknown, payload=b"{}")
    refused("ConflictException", 409, create, name="interop_node", key="node.zip", runtime="NODE_22", entry_point="main.js")
    message = refused("ValidationException", 400, create, name="a-b", key="node.zip", runtime="NODE_22", entry_point="main.js")
    assert "a_b" in message, message
    refused("UnsupportedOperationException", 501, control.list_gateways)
    try:
        control.get_agent_runtime(agentRuntimeId="none-0123456789")
    except control.exceptions.ResourceNotFoundException as fault:
        assert "none-0123456789" in str(fault)
    try:
        data.invoke_agent_runtime(agentRuntimeArn=runtimes["node"]["arn"], payload=b'{"exit": true}')
        raise AssertionError("an agent that exits was taken for an answer")
    except data.exceptions.RuntimeClientError as fault:
        same(fault.response["ResponseMetadata"]["HTTPStatusCode"], 424)


@check("deletes, and the runtime is gone with its sessions")
def _():
    for runtime in runtimes.values():
        same(control.delete_agent_runtime(agentRuntimeId=runtime["id"])["status"], "DELETING")
    until = time.monotonic() + 15
    while control.list_agent_runtimes()["agentRuntimes"] and time.monotonic() < until:
        time.sleep(0.05)
    same(control.list_agent_runtimes()["agentRuntimes"], [])
    refused("ResourceNotFoundException", 404, data.invoke_agent_runtime, agentRuntimeArn=runtimes["node"]["arn"], payload=b"{}")


run()
