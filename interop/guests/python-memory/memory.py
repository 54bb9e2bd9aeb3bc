# The documented flows of the official memory clients, unmodified: MemorySessionManager as its README has it, then MemoryClient.
import json
import time

from bedrock_agentcore.memory import MemoryClient, MemorySessionManager
from bedrock_agentcore.memory.constants import BlobMessage, ConversationalMessage, MessageRole, RetrievalConfig

told = {}

client = MemoryClient(region_name="us-east-1")
memory = client.create_memory_and_wait(
    name="SmartAgentMemory",
    description="Memory with automatic knowledge extraction",
    strategies=[
        {"summaryMemoryStrategy": {"name": "SessionSummarizer", "namespaces": ["/summaries/{actorId}/{sessionId}/"]}},
        {"userPreferenceMemoryStrategy": {"name": "PreferenceLearner", "namespaces": ["/preferences/{actorId}/"]}},
        {"semanticMemoryStrategy": {"name": "FactExtractor", "namespaces": ["/facts/{actorId}/"]}},
    ],
    poll_interval=1,
)
memory_id = memory["id"]
told["strategies"] = sorted(one["type"] for one in client.get_memory_strategies(memory_id))
told["again"] = client.create_or_get_memory(name="SmartAgentMemory")["id"] == memory_id
told["status"] = client.get_memory_status(memory_id)

manager = MemorySessionManager(memory_id=memory_id, region_name="us-east-1")
session = manager.create_memory_session(actor_id="user-123", session_id="session-456")
event = session.add_turns(
    [
        ConversationalMessage("I love eating apples and cherries", MessageRole.USER),
        ConversationalMessage("Apples are very good for you!", MessageRole.ASSISTANT),
        ConversationalMessage("What's your favorite thing about apples?", MessageRole.USER),
        ConversationalMessage("I enjoy their flavor and nutritional benefits", MessageRole.ASSISTANT),
    ]
)
session.add_turns(
    [
        ConversationalMessage("Order #12345", MessageRole.USER),
        BlobMessage({"image_data": "base64_encoded_receipt"}),
        ConversationalMessage("lookup_order('12345')", MessageRole.TOOL),
        ConversationalMessage("Found it! Your order ships tomorrow.", MessageRole.ASSISTANT),
    ]
)
told["turns"] = [[message["content"]["text"] for message in turn] for turn in session.get_last_k_turns(k=10)]

branch_event = session.fork_conversation(
    root_event_id=event.eventId,
    branch_name="premium-option",
    messages=[
        ConversationalMessage("What about expedited shipping?", MessageRole.USER),
        ConversationalMessage("I can upgrade you to overnight delivery for $20", MessageRole.ASSISTANT),
    ],
)
told["branches"] = sorted([branch.name, branch.eventCount] for branch in session.list_branches())
told["branch"] = [found.eventId == branch_event.eventId for found in session.list_events(branch_name="premium-option")]
told["actors"] = [actor.actorId for actor in manager.list_actors()]
told["sessions"] = [one.sessionId for one in session.get_actor().list_sessions()]
told["event"] = session.get_event(event.eventId).eventId == event.eventId

deadline = time.time() + 60
while time.time() < deadline and not session.list_long_term_memory_records(namespace_path="/preferences/user-123/"):
    time.sleep(0.2)
found = session.search_long_term_memories(query="what food does the user like", namespace_path="/preferences/user-123/", top_k=5)
told["found"] = [record.content["text"] for record in found]
told["everyone"] = len(manager.search_long_term_memories(query="apples", namespace_path="/preferences/", top_k=10)) > 0
told["record"] = session.get_memory_record(found[0].memoryRecordId).memoryRecordId == found[0].memoryRecordId


def my_llm(user_input, memories):
    context = "\n".join([m.get("content", {}).get("text", "") for m in memories])
    return f"Based on {context}, here's my response to: {user_input}"


memories, response, turn = session.process_turn_with_llm(
    user_input="Which apples and cherries do I love eating?",
    llm_callback=my_llm,
    retrieval_config={"/preferences/{actorId}/": RetrievalConfig(top_k=3, relevance_score=0.01)},
)
told["llm"] = [len(memories) > 0, "apples" in response, turn.eventId != event.eventId]

saved = client.create_event(
    memory_id=memory_id, actor_id="user-456", session_id="session-789", messages=[("Hello", "USER"), ("Hi there", "ASSISTANT")]
)
client.create_blob_event(memory_id=memory_id, actor_id="user-456", session_id="session-789", blob_data={"step": 1})
client.fork_conversation(
    memory_id=memory_id, actor_id="user-456", session_id="session-789", root_event_id=saved["eventId"], branch_name="other", new_messages=[("Bye", "USER")]
)
names = {"memory_id": memory_id, "actor_id": "user-456", "session_id": "session-789"}
told["client"] = {
    "events": len(client.list_events(**names)),
    "branches": sorted(branch["name"] for branch in client.list_branches(**names)),
    "merged": len(client.merge_branch_context(**names, branch_name="other")),
    "tree": sorted(client.get_conversation_tree(**names)["main_branch"]["branches"]),
    "turns": [[message["content"]["text"] for message in one] for one in client.get_last_k_turns(**names, k=1, branch_name="other")],
    "memories": len(client.retrieve_memories(memory_id=memory_id, namespace="/preferences/user-123/", query="apples")) > 0,
}
client.add_semantic_strategy_and_wait(memory_id=memory_id, name="MoreFacts", poll_interval=1)
more = next(one for one in client.get_memory_strategies(memory_id) if one["name"] == "MoreFacts")
client.delete_strategy(memory_id, more.get("strategyId") or more["memoryStrategyId"])

session.delete_memory_record(found[0].memoryRecordId)
session.delete_event(turn.eventId)
told["deleted"] = manager.delete_all_long_term_memories_in_namespace("/preferences/user-123/") is not None
told["left"] = len(session.list_long_term_memory_records(namespace_path="/preferences/"))
client.delete_memory_and_wait(memory_id, poll_interval=1)
told["gone"] = memory_id not in [one["id"] for one in client.list_memories()]
print(json.dumps(told))
