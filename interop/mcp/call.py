# Document 3's MCP client: calls a tool of an MCP server behind the platform. Usage: call.py ARN TOOL ARGUMENTS. Its address is the
# platform's, and requests are signed, as the platform asks of who has no token.
import asyncio
import json
import os
import sys
import urllib.parse

import boto3
import httpx
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from mcp import ClientSession
from mcp.client.streamable_http import streamablehttp_client

arn, tool, arguments = sys.argv[1:]
mcp_url = f"{os.environ['AWS_ENDPOINT_URL']}/runtimes/{urllib.parse.quote(arn, safe='')}/invocations?qualifier=DEFAULT"


class Signed(httpx.Auth):
    requires_request_body = True

    def auth_flow(self, request):
        kept = {name: value for name, value in request.headers.items() if name.startswith("mcp-") or name in ("accept", "content-type")}
        signed = AWSRequest(request.method, str(request.url), headers=kept, data=request.content)
        SigV4Auth(boto3.Session().get_credentials(), "bedrock-agentcore", os.environ["AWS_REGION"]).add_auth(signed)
        request.headers.update(dict(signed.headers))
        yield request


async def main():
    async with streamablehttp_client(mcp_url, auth=Signed()) as (read, write, _):
        async with ClientSession(read, write) as session:
            await session.initialize()
            tools = await session.list_tools()
            result = await session.call_tool(tool, json.loads(arguments))
            print(json.dumps({"tools": [one.name for one in tools.tools], "text": result.content[0].text}))


asyncio.run(main())
