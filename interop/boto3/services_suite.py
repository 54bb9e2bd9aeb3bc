# Models, identity, artifacts and refusals by boto3, and the calls that the mission's first document shows.
import io
import json
import os

import boto3
from botocore.config import Config
from checks import argument, check, refused, run, same
from clients import bucket, control, create, data, s3, session, settled, upload

models = boto3.client("bedrock-runtime")
sts = boto3.client("sts")
tool = {
    "toolSpec": {
        "name": "calculator",
        "description": "Calculates an arithmetic expression",
        "inputSchema": {"json": {"type": "object", "properties": {"expression": {"type": "string"}}, "required": ["expression"]}},
    }
}


def user(*content):
    return {"role": "user", "content": list(content)}


@check("converses, whole and streamed")
def _():
    asked = {"modelId": "anthropic.claude-sonnet-4-20250514-v1:0", "messages": [user({"text": "Hello"})]}
    whole = models.converse(**asked)
    text = whole["output"]["message"]["content"][0]["text"]
    assert text.startswith("[offline model]"), text
    same(whole["stopReason"], "end_turn")
    events = list(models.converse_stream(**asked)["stream"])
    same("".join(event["contentBlockDelta"]["delta"]["text"] for event in events if "contentBlockDelta" in event), text)
    same([key for event in (events[0], *events[-2:]) for key in event], ["messageStart", "messageStop", "metadata"])


@check("asks for a tool and answers from its result")
def _():
    question = user({"text": "What is 42 * 137?"})
    asked = models.converse(modelId="any", messages=[question], toolConfig={"tools": [tool]})
    use = next(block["toolUse"] for block in asked["output"]["message"]["content"] if "toolUse" in block)
    same((asked["stopReason"], use["name"], use["input"]), ("tool_use", "calculator", {"expression": "42 * 137"}))
    result = user({"toolResult": {"toolUseId": use["toolUseId"], "content": [{"json": {"result": 5754}}]}})
    messages = [question, asked["output"]["message"], result]
    answered = models.converse(modelId="any", messages=messages, toolConfig={"tools": [tool]})
    assert "5754" in answered["output"]["message"]["content"][0]["text"]


@check("knows who signed")
def _():
    same(sts.get_caller_identity()["Arn"], "arn:aws:iam::000000000000:root")
    stranger = boto3.client("sts", aws_access_key_id="AKIAUNKNOWNUNKNOWN00", aws_secret_access_key="x")
    refused("InvalidClientTokenId", 403, stranger.get_caller_identity)


@check("stores and reads files by the transfer manager, in parts too, and by presigned URLs")
def _():
    from urllib.request import Request, urlopen

    try:
        s3.create_bucket(Bucket=bucket)
    except s3.exceptions.BucketAlreadyOwnedByYou:
        pass
    for size in (0, 1000, 9_000_000):
        body = os.urandom(size)
        s3.upload_fileobj(io.BytesIO(body), bucket, f"files/{size} b+ü")
        fetched = io.BytesIO()
        s3.download_fileobj(bucket, f"files/{size} b+ü", fetched)
        assert fetched.getvalue() == body, f"{size} bytes came back otherwise"
    v4 = boto3.client("s3", config=Config(signature_version="s3v4"))
    address = {"Bucket": bucket, "Key": "presigned"}
    urlopen(Request(v4.generate_presigned_url("put_object", address), data=b"by URL", method="PUT")).close()
    same(urlopen(v4.generate_presigned_url("get_object", address)).read(), b"by URL")
    same(s3.get_object(**address, Range="bytes=3-")["Body"].read(), b"URL")
    refused("NoSuchKey", 404, s3.get_object, Bucket=bucket, Key="absent")


@check("refuses services that are not served, in a form that boto3 reads")
def _():
    calls = (
        ("logs", "describe_log_groups", {}),
        ("cloudwatch", "list_metrics", {}),
        ("xray", "get_trace_summaries", {"StartTime": 0, "EndTime": 1}),
        ("ecr", "describe_repositories", {}),
        ("cognito-idp", "list_user_pools", {"MaxResults": 1}),
        ("iam", "list_groups", {}),
        ("dynamodb", "list_tables", {}),
        ("ec2", "describe_instances", {}),
        ("sqs", "list_queues", {}),
    )
    for service, operation, parameters in calls:
        client = boto3.client(service, config=Config(retries={"total_max_attempts": 1}))
        message = refused("UnsupportedOperationException", 501, getattr(client, operation), **parameters)
        assert "AWS_ENDPOINT_URL_" in message and "docs/conformance.md" in message, f"{service}: {message}"


@check("keeps roles and users, and gives credentials of a role")
def _():
    iam, sts = boto3.client("iam"), boto3.client("sts")
    account = "arn:aws:iam::000000000000"

    def statement(**more):
        return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **more}]})

    trust = statement(Principal={"AWS": f"{account}:root"}, Action="sts:AssumeRole")
    role = iam.create_role(RoleName="Lister", AssumeRolePolicyDocument=trust, Tags=[])["Role"]
    same(role["AssumeRolePolicyDocument"], json.loads(trust))
    iam.put_role_policy(RoleName="Lister", PolicyName="lists", PolicyDocument=statement(Action="s3:ListAllMyBuckets", Resource="*"))
    same(iam.get_role_policy(RoleName="Lister", PolicyName="lists")["PolicyDocument"]["Statement"][0]["Action"], "s3:ListAllMyBuckets")
    assert "Lister" in [found["RoleName"] for page in iam.get_paginator("list_roles").paginate(MaxItems=2) for found in page["Roles"]]
    lent = sts.assume_role(RoleArn=role["Arn"], RoleSessionName="tester", PolicyArns=[])["Credentials"]
    keys = {"aws_access_key_id": lent["AccessKeyId"], "aws_secret_access_key": lent["SecretAccessKey"]}
    acting = boto3.Session(**keys, aws_session_token=lent["SessionToken"])
    same(acting.client("sts").get_caller_identity()["Arn"], "arn:aws:sts::000000000000:assumed-role/Lister/tester")
    acting.client("s3").list_buckets()
    refused("AccessDeniedException", 403, acting.client("bedrock-agentcore-control").list_agent_runtimes)
    refused("EntityAlreadyExists", 409, iam.create_role, RoleName="Lister", AssumeRolePolicyDocument=trust)
    refused("MalformedPolicyDocument", 400, iam.put_role_policy, RoleName="Lister", PolicyName="x", PolicyDocument="{}")
    refused("NoSuchEntity", 404, iam.get_user, UserName="nobody")
    refused("DeleteConflict", 409, iam.delete_role, RoleName="Lister")
    iam.delete_role_policy(RoleName="Lister", PolicyName="lists")
    iam.delete_role(RoleName="Lister")


@check("runs what document 1 shows: list, find by name, get, invoke with a JSON text as payload")
def _():
    upload("documents.zip", argument(1), "main.js")
    settled(create("strands_agent_runtime", "documents.zip", "NODE_22", "main.js")["agentRuntimeId"])
    response = control.list_agent_runtimes()
    found = next(runtime for runtime in response["agentRuntimes"] if runtime["agentRuntimeName"] == "strands_agent_runtime")
    details = control.get_agent_runtime(agentRuntimeId=found["agentRuntimeId"])
    answer = data.invoke_agent_runtime(
        agentRuntimeArn=details["agentRuntimeArn"],
        runtimeSessionId=session("document"),
        payload=json.dumps({"prompt": "Hello"}),
        qualifier="DEFAULT",
    )
    same(json.loads(b"".join(answer["response"].iter_chunks()))["size"], len(json.dumps({"prompt": "Hello"})))
    # boto3 refuses so short an id by itself; clients that do not look get the platform's word on it.
    unchecked = boto3.client("bedrock-agentcore", config=Config(parameter_validation=False))
    message = refused(
        "ValidationException",
        400,
        unchecked.invoke_agent_runtime,
        agentRuntimeArn=details["agentRuntimeArn"],
        runtimeSessionId="unique-session-123",
        payload=b"{}",
    )
    assert "33" in message, message


run()
