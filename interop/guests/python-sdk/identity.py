# An agent whose functions get their credentials by the official decorators.
import asyncio
import base64
import json

from bedrock_agentcore.identity import requires_access_token, requires_api_key
from bedrock_agentcore.identity.auth import requires_iam_access_token
from bedrock_agentcore.runtime import BedrockAgentCoreApp

app = BedrockAgentCoreApp()


def claims(token):
    body = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))


@requires_api_key(provider_name="weather")
async def with_key(question, *, api_key):
    return {"question": question, "apiKey": api_key}


@requires_api_key(provider_name="weather")
def with_key_sync(question, *, api_key):
    return {"question": question, "apiKey": api_key}


@requires_access_token(provider_name="local-idp", scopes=["read:reports"], auth_flow="M2M")
async def as_machine(*, access_token):
    return claims(access_token)


@requires_iam_access_token(audience=["https://api.example.com"], duration_seconds=120, tags=[{"Key": "team", "Value": "data"}])
def as_agent(*, access_token):
    return claims(access_token)


@requires_access_token(
    provider_name="local-idp",
    scopes=["read:invoices"],
    audiences=["https://invoices.example.com"],
    auth_flow="ON_BEHALF_OF_TOKEN_EXCHANGE",
)
async def on_behalf(*, access_token):
    return claims(access_token)


async def as_user(payload):
    urls = asyncio.Queue()

    @requires_access_token(
        provider_name="local-idp",
        scopes=["openid", "calendar"],
        auth_flow="USER_FEDERATION",
        on_auth_url=urls.put_nowait,
        callback_url=payload.get("callbackUrl"),
        custom_state=payload.get("customState"),
    )
    async def calendar(*, access_token):
        return claims(access_token)

    work = asyncio.create_task(calendar())
    shown = asyncio.create_task(urls.get())
    await asyncio.wait([work, shown], return_when=asyncio.FIRST_COMPLETED)
    if shown.done():
        yield {"authorizationUrl": shown.result()}
    shown.cancel()
    yield {"claims": await work}


@app.entrypoint
async def invoke(payload, context):
    wish = payload["do"]
    if wish == "api-key":
        return await with_key("rain?")
    if wish == "api-key-sync":
        return with_key_sync("rain?")
    if wish == "machine":
        return await as_machine()
    if wish == "on-behalf":
        return await on_behalf()
    if wish == "iam-jwt":
        return as_agent()
    return as_user(payload)


if __name__ == "__main__":
    app.run()
