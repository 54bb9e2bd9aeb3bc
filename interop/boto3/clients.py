# The stock clients, told of the platform by the environment alone, and what the suites do with them again and again.
import io
import json
import time
import zipfile

import boto3

control = boto3.client("bedrock-agentcore-control")
data = boto3.client("bedrock-agentcore")
s3 = boto3.client("s3")
role = "arn:aws:iam::000000000000:role/AgentworksExecutionRole"
bucket = "interop-agents"


def session(name):
    return f"{name}-{'0' * 33}"


def upload(key, source, file_name):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(source, file_name)
    try:
        s3.create_bucket(Bucket=bucket)
    except s3.exceptions.BucketAlreadyOwnedByYou:
        pass
    s3.put_object(Bucket=bucket, Key=key, Body=packed.getvalue())


def artifact(key, runtime, entry_point):
    code = {"s3": {"bucket": bucket, "prefix": key}}
    return {"codeConfiguration": {"code": code, "runtime": runtime, "entryPoint": [entry_point]}}


def create(name, key, runtime, entry_point, **more):
    return control.create_agent_runtime(
        agentRuntimeName=name,
        agentRuntimeArtifact=artifact(key, runtime, entry_point),
        roleArn=role,
        networkConfiguration={"networkMode": "PUBLIC"},
        **more,
    )


def settled(runtime_id, seconds=30):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = control.get_agent_runtime(agentRuntimeId=runtime_id)
        if found["status"] not in ("CREATING", "UPDATING"):
            return found
        time.sleep(0.05)
    raise AssertionError(f"{runtime_id} did not settle in {seconds} s")


def invoke(arn, payload, **more):
    answer = data.invoke_agent_runtime(agentRuntimeArn=arn, payload=json.dumps(payload), **more)
    return json.loads(answer["response"].read())
