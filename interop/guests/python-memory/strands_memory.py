# AgentCoreMemorySessionManager of the official SDK, unmodified, under Strands: the talk is kept, taken up by another process's agent, and
# what was learned comes into the agent's context.
import json
import time

from bedrock_agentcore.memory import MemoryClient
from bedrock_agentcore.memory.integrations.strands.config import AgentCoreMemoryConfig, RetrievalConfig
from bedrock_agentcore.memory.integrations.strands.session_manager import AgentCoreMemorySessionManager
from strands import Agent

client = MemoryClient(region_name="us-east-1")
memory = client.create_memory_and_wait(
    name="ComprehensiveAgentMemory",
    description="Full-featured memory with all built-in strategies",
    strategies=[
        {"summaryMemoryStrategy": {"name": "SessionSummarizer", "namespaceTemplates": ["/summaries/{actorId}/{sessionId}/"]}},
        {"userPreferenceMemoryStrategy": {"name": "PreferenceLearner", "namespaceTemplates": ["/preferences/{actorId}/"]}},
        {"semanticMemoryStrategy": {"name": "FactExtractor", "namespaceTemplates": ["/facts/{actorId}/"]}},
    ],
    poll_interval=1,
)
memory_id = memory["id"]


def agent_of(session_id):
    config = AgentCoreMemoryConfig(
        memory_id=memory_id,
        session_id=session_id,
        actor_id="ada",
        retrieval_config={
            "/preferences/{actorId}/": RetrievalConfig(top_k=5, relevance_score=0.1),
            "/facts/{actorId}/": RetrievalConfig(top_k=10, relevance_score=0.1),
        },
    )
    manager = AgentCoreMemorySessionManager(agentcore_memory_config=config, region_name="us-east-1")
    return Agent(system_prompt="You are a helpful assistant with memory.", session_manager=manager, callback_handler=None)


def texts(agent):
    return [block["text"] for message in agent.messages for block in message["content"] if "text" in block]


first = agent_of("monday")
first("I like sushi with tuna")
again = agent_of("monday")
told = {"said": texts(first), "restored": texts(again)}

deadline = time.time() + 60
while time.time() < deadline and not client.retrieve_memories(memory_id=memory_id, namespace="/preferences/ada/", query="sushi"):
    time.sleep(0.2)
other = agent_of("tuesday")
other("Do I like sushi?")
told["context"] = texts(other)
print(json.dumps(told))
