# An AutoGen assistant whose model is Semantic Kernel's BedrockChatCompletion, behind the standard library's server: bedrock-agentcore
# and semantic-kernel ask for different versions of boto3, and no SDK is needed.
import asyncio
import json
import os
from http.server import BaseHTTPRequestHandler, HTTPServer

from autogen_agentchat.agents import AssistantAgent
from autogen_ext.models.semantic_kernel import SKChatCompletionAdapter
from semantic_kernel import Kernel
from semantic_kernel.connectors.ai.bedrock import BedrockChatCompletion, BedrockChatPromptExecutionSettings
from semantic_kernel.memory.null_memory import NullMemory

model = SKChatCompletionAdapter(
    BedrockChatCompletion(model_id="anthropic.claude-sonnet-4-20250514-v1:0"),
    kernel=Kernel(memory=NullMemory()),
    prompt_settings=BedrockChatPromptExecutionSettings(temperature=0.0),
)


async def answer(prompt):
    result = await AssistantAgent("assistant", model_client=model, system_message="You are AutoGen.").run(task=prompt)
    return result.messages[-1].content


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.reply({"status": "Healthy"})

    def do_POST(self):
        prompt = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["prompt"]
        self.reply({"result": asyncio.run(answer(prompt))})

    def reply(self, document):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(document).encode())


HTTPServer(("0.0.0.0", int(os.environ.get("PORT", 8080))), Handler).serve_forever()
