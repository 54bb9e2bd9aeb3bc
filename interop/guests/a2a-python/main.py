# An A2A server on the official Python SDK: a task that works, hands over an artifact and completes.
import os

import uvicorn
from a2a.helpers import new_task_from_user_message, new_text_part
from a2a.server.agent_execution import AgentExecutor
from a2a.server.request_handlers import DefaultRequestHandler
from a2a.server.routes import create_agent_card_routes, create_jsonrpc_routes
from a2a.server.tasks import InMemoryTaskStore, TaskUpdater
from a2a.types import AgentCapabilities, AgentCard, AgentInterface, AgentSkill
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route


class Shout(AgentExecutor):
    async def execute(self, context, event_queue):
        task = context.current_task or new_task_from_user_message(context.message)
        await event_queue.enqueue_event(task)
        updater = TaskUpdater(event_queue, task.id, task.context_id)
        await updater.start_work()
        await updater.add_artifact([new_text_part(context.get_user_input().upper())], name="shouted")
        await updater.complete()

    async def cancel(self, context, event_queue):
        await TaskUpdater(event_queue, context.task_id, context.context_id).cancel()


card = AgentCard(
    name="Shouter",
    description="says it louder",
    version="1.0.0",
    supported_interfaces=[AgentInterface(url=os.environ["AGENTCORE_RUNTIME_URL"], protocol_binding="JSONRPC", protocol_version="1.0")],
    capabilities=AgentCapabilities(streaming=True),
    default_input_modes=["text/plain"],
    default_output_modes=["text/plain"],
    skills=[AgentSkill(id="shout", name="Shout", description="says it louder", tags=["text"])],
)
handler = DefaultRequestHandler(agent_executor=Shout(), task_store=InMemoryTaskStore(), agent_card=card)


async def ping(_request):
    return JSONResponse({"status": "Healthy"})


routes = [Route("/ping", ping), *create_agent_card_routes(card), *create_jsonrpc_routes(handler, "/")]
uvicorn.run(Starlette(routes=routes), host="0.0.0.0", port=9000)
