"""Opens an agent's WebSocket by botocore's signature and the websockets library: first by headers, then presigned."""
import asyncio
import os
import sys
from urllib.parse import quote

import botocore.session
import websockets
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest

arn, session_id = sys.argv[1:]
header = "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id"
endpoint = os.environ["AWS_ENDPOINT_URL"]
session = botocore.session.get_session()
signing = (session.get_credentials(), "bedrock-agentcore", session.get_config_variable("region"))
url = f"{endpoint}/runtimes/{quote(arn, safe='')}/ws"


async def talk(address, word, **options):
    async with websockets.connect(address.replace("http", "ws", 1), **options) as socket:
        await socket.send(word)
        print(await socket.recv(), flush=True)


async def main():
    signed = AWSRequest("GET", url, headers={header: session_id})
    SigV4Auth(*signing).add_auth(signed)
    await talk(url, "signed", additional_headers=dict(signed.headers))
    presigned = AWSRequest("GET", f"{url}?{header}={session_id}&qualifier=DEFAULT")
    SigV4QueryAuth(*signing, expires=300).add_auth(presigned)
    await talk(presigned.url, "presigned")


asyncio.run(main())
