"""The official SDK's ShellSession in a shell of a session: frames, states, take-over and end are its own code; the address and the
signature are botocore's, since its client refuses every host that is not AWS's."""
import asyncio
import os
import sys
from urllib.parse import quote

import botocore.session
from bedrock_agentcore.runtime import ShellChannel
from bedrock_agentcore.runtime.shell.session import ShellSession
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

arn, session_id = sys.argv[1:]
header = "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id"
session = botocore.session.get_session()
signing = (session.get_credentials(), "bedrock-agentcore", session.get_config_variable("region"))


class Client:
    def connect_shell(self, runtime_arn, session_id, endpoint_name=None, shell_id=None):
        url = f"{os.environ['AWS_ENDPOINT_URL']}/runtimes/{quote(runtime_arn, safe='')}/ws/shells?shellId={shell_id}"
        request = AWSRequest("GET", url, headers={header: session_id})
        SigV4Auth(*signing).add_auth(request)
        return url.replace("http", "ws", 1), dict(request.headers)


async def opened(shell_id):
    return await ShellSession(client=Client(), runtime_arn=arn, session_id=session_id, shell_id=shell_id).__aenter__()


async def until(shell, text):
    seen = ""
    async for frame in shell:
        seen += frame.text if frame.channel == ShellChannel.STDOUT else ""
        if text in seen:
            return seen
    raise AssertionError(f"{text} never came: {seen}")


async def main():
    first = await opened("official")
    await first.resize(120, 40)
    await first.send("mark=kept; stty size; echo re''ady\n")
    assert "40 120" in await until(first, "ready")
    second = await opened("official")
    await second.send("echo mark-$mark\n")
    await until(second, "mark-kept")
    async for _ in first:
        pass
    assert first.kicked, "the first was not told that another client took the shell"
    await second.send("exit 7\n")
    async for _ in second:
        pass
    assert second.exit_code == 7, second.exit_code


asyncio.run(main())
