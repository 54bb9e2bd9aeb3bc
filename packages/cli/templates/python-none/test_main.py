import json
import threading
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from main import new_server


@pytest.fixture
def url():
    server = new_server(0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_answers(url):
    with urlopen(f"{url}/invocations", b'{"prompt": "hello"}') as answer:
        assert json.load(answer) == {"response": "You said: hello"}


def test_refuses_a_payload_without_a_prompt(url):
    with pytest.raises(HTTPError, match="400"):
        urlopen(f"{url}/invocations", b"{}")


def test_is_healthy(url):
    with urlopen(f"{url}/ping") as answer:
        assert json.load(answer) == {"status": "Healthy"}
