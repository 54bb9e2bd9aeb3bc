# A LangGraph graph of two nodes, the model and its tools, on langchain-aws' ChatBedrockConverse.
from bedrock_agentcore.runtime import BedrockAgentCoreApp
from langchain_aws import ChatBedrockConverse
from langchain_core.messages import HumanMessage, SystemMessage
from langchain_core.tools import tool
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode, tools_condition

app = BedrockAgentCoreApp()


@tool
def calculator(expression: str) -> str:
    """Calculates an arithmetic expression, as in 6 * 7."""
    left, right = expression.split("*")
    return str(int(left) * int(right))


model = ChatBedrockConverse(model="us.anthropic.claude-sonnet-4-20250514-v1:0", temperature=0).bind_tools([calculator])


async def think(state: MessagesState):
    return {"messages": [await model.ainvoke([SystemMessage("You calculate."), *state["messages"]])]}


graph = (
    StateGraph(MessagesState)
    .add_node("think", think)
    .add_node("tools", ToolNode([calculator]))
    .add_edge(START, "think")
    .add_conditional_edges("think", tools_condition)
    .add_edge("tools", "think")
    .compile()
)


@app.entrypoint
async def invoke(payload):
    asked = {"messages": [HumanMessage(payload["prompt"])]}
    if payload.get("stream"):
        return pieces(asked)
    return {"result": (await graph.ainvoke(asked))["messages"][-1].text}


async def pieces(asked):
    async for piece, _ in graph.astream(asked, stream_mode="messages"):
        if piece.type == "AIMessageChunk" and piece.text:
            yield {"text": piece.text}


if __name__ == "__main__":
    app.run()
