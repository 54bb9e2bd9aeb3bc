import os

from bedrock_agentcore.runtime import BedrockAgentCoreApp
from langchain_aws import ChatBedrockConverse
from langchain_core.messages import SystemMessage
from langchain_core.tools import tool
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode, tools_condition

from calculate import calculate

app = BedrockAgentCoreApp()


@tool
def calculator(expression: str) -> str:
    """Calculates an arithmetic expression, as in 6 * 7."""
    return calculate(expression)


model = ChatBedrockConverse(
    model=os.environ.get("MODEL_ID", "global.anthropic.claude-sonnet-4-6"),
    region_name=os.environ.get("AWS_REGION", "us-east-1"),
).bind_tools([calculator])
instructions = SystemMessage("You calculate. Use the calculator.")


def ask(state: MessagesState):
    return {"messages": [model.invoke([instructions, *state["messages"]])]}


graph = StateGraph(MessagesState)
graph.add_node("model", ask)
graph.add_node("tools", ToolNode([calculator]))
graph.add_edge(START, "model")
graph.add_conditional_edges("model", tools_condition)
graph.add_edge("tools", "model")
agent = graph.compile()


@app.entrypoint
def invoke(payload):
    answer = agent.invoke({"messages": [{"role": "user", "content": payload["prompt"]}]})
    return {"response": answer["messages"][-1].text}


if __name__ == "__main__":
    app.run(port=int(os.environ.get("PORT", "8080")))
