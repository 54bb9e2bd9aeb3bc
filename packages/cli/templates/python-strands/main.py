import os

from bedrock_agentcore.runtime import BedrockAgentCoreApp
from strands import Agent, tool
from strands.models import BedrockModel

from calculate import calculate

app = BedrockAgentCoreApp()
model = BedrockModel(model_id=os.environ.get("MODEL_ID", "global.anthropic.claude-sonnet-4-6"))


@tool
def calculator(expression: str) -> str:
    """Calculates an arithmetic expression.

    Args:
        expression: the expression, as in 6 * 7
    """
    return calculate(expression)


@app.entrypoint
def invoke(payload):
    agent = Agent(model=model, tools=[calculator], system_prompt="You calculate. Use the calculator.", callback_handler=None)
    return {"response": str(agent(payload["prompt"]))}


if __name__ == "__main__":
    app.run(port=int(os.environ.get("PORT", "8080")))
