import os

from bedrock_agentcore.runtime import BedrockAgentCoreApp
from llama_index.core.agent.workflow import FunctionAgent
from llama_index.llms.bedrock_converse import BedrockConverse

from calculate import calculate

app = BedrockAgentCoreApp()
model = BedrockConverse(
    model=os.environ.get("MODEL_ID", "anthropic.claude-sonnet-4-6"),
    region_name=os.environ.get("AWS_REGION", "us-east-1"),
)


def calculator(expression: str) -> str:
    """Calculates an arithmetic expression, as in 6 * 7."""
    return calculate(expression)


@app.entrypoint
async def invoke(payload):
    agent = FunctionAgent(tools=[calculator], llm=model, system_prompt="You calculate. Use the calculator.")
    return {"response": str(await agent.run(payload["prompt"]))}


if __name__ == "__main__":
    app.run(port=int(os.environ.get("PORT", "8080")))
