# The official decorators on their author's machine, where no runtime gives the agent a token.
import asyncio
import json

from identity import as_agent, with_key, with_key_sync

print(json.dumps({"key": asyncio.run(with_key("rain?")), "sync": with_key_sync("snow?"), "jwt": as_agent()}))
