import os

import pytest
from starlette.testclient import TestClient

from calculate import calculate
from main import app

agent = TestClient(app)


def test_calculates():
    assert calculate("6 * 7") == "42"
    assert calculate("six times seven") == "cannot calculate six times seven"


def test_is_healthy():
    assert agent.get("/ping").json()["status"] == "Healthy"


@pytest.mark.skipif("AWS_ENDPOINT_URL" not in os.environ, reason='needs a model: eval "$(agentworks env)"')
def test_asks_the_model_which_calls_the_tool():
    assert "5754" in agent.post("/invocations", json={"prompt": "What is 42 * 137?"}).text
