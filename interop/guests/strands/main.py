# A Strands agent as its users write it: the model is Bedrock, and nothing in here knows of agentworks.
from bedrock_agentcore.runtime import BedrockAgentCoreApp
from strands import Agent, tool
from strands.models import BedrockModel

app = BedrockAgentCoreApp()


@tool
def calculator(expression: str) -> str:
    """Calculates an arithmetic expression.

    Args:
        expression: the expression, as in 6 * 7
    """
    left, right = expression.split("*")
    return str(int(left) * int(right))


model = BedrockModel(model_id="us.anthropic.claude-sonnet-4-20250514-v1:0")


@app.entrypoint
def invoke(payload):
    agent = Agent(model=model, tools=[calculator], system_prompt="You are CountBot. You calculate.", callback_handler=None)
    return {"result": str(agent(payload["prompt"]))}


if __name__ == "__main__":
    app.run()
