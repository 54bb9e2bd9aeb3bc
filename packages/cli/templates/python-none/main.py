import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def answer(payload):
    return {"response": f"You said: {payload['prompt']}"}


class Agent(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send(200, {"status": "Healthy"})

    def do_POST(self):
        payload = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if payload.get("prompt"):
            self.send(200, answer(payload))
        else:
            self.send(400, {"error": 'send {"prompt": "..."}'})

    def send(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args):
        pass


def new_server(port):
    host = "0.0.0.0" if os.environ.get("DOCKER_CONTAINER") else "127.0.0.1"
    return ThreadingHTTPServer((host, port), Agent)


if __name__ == "__main__":
    new_server(int(os.environ.get("PORT", "8080"))).serve_forever()
