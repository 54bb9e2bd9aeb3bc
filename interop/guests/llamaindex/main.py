# A LlamaIndex FunctionAgent on BedrockConverse.
from bedrock_agentcore.runtime import BedrockAgentCoreApp
from llama_index.core.agent.workflow import FunctionAgent
from llama_index.llms.bedrock_converse import BedrockConverse

app = BedrockAgentCoreApp()


def calculator(expression: str) -> str:
    """Calculates an arithmetic expression, as in 6 * 7."""
    left, right = expression.split("*")
    return str(int(left) * int(right))


agent = FunctionAgent(
    tools=[calculator],
    llm=BedrockConverse(model="us.anthropic.claude-sonnet-4-20250514-v1:0"),
    system_prompt="You calculate.",
)


@app.entrypoint
async def invoke(payload):
    return {"result": str(await agent.run(payload["prompt"]))}


if __name__ == "__main__":
    app.run()
