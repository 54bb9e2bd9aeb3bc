# What document 2's Dockerfile runs: uvicorn with the app of its agent.py.
import uvicorn

uvicorn.run("agent:app", host="0.0.0.0", port=8080)
