# An agent on the official Python SDK: a value, a coroutine, a generator and a WebSocket.
import asyncio
import sys

from bedrock_agentcore.runtime import BedrockAgentCoreApp

app = BedrockAgentCoreApp()


async def pieces(words):
    for word in words:
        yield {"word": word}
        await asyncio.sleep(0.15)


@app.entrypoint
async def invoke(payload, context):
    if payload.get("fail"):
        raise ValueError("told to fail")
    if payload.get("stream"):
        return pieces(payload["prompt"].split())
    await asyncio.sleep(0)
    return {"said": payload["prompt"], "session": context.session_id, "python": "%d.%d" % sys.version_info[:2]}


@app.websocket
async def talk(websocket, context):
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_json({"said": text, "session": context.session_id})


if __name__ == "__main__":
    app.run()
