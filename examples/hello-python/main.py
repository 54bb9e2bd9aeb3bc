"""The smallest agent in Python: the standard library, nothing installed."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

count = 0


class Agent(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/ping":
            self.answer(200, {"status": "Healthy"})
        else:
            self.answer(404, {"error": "not found"})

    def do_POST(self):
        global count
        if self.path != "/invocations":
            return self.answer(404, {"error": "not found"})
        try:
            payload = json.loads(self.rfile.read(int(self.headers.get("content-length") or 0)))
            prompt = payload["prompt"]
        except (ValueError, KeyError, TypeError):
            return self.answer(400, {"error": 'send JSON, for example {"prompt": "Hello!"}'})
        # Every session has a process of its own, so this counts the calls of one session.
        count += 1
        self.answer(200, {"response": f"Hello from Python! You said: {prompt}", "count": count})

    def answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format, *args):
        pass


if __name__ == "__main__":
    print("hello-python listens on 8080", flush=True)
    ThreadingHTTPServer(("0.0.0.0", 8080), Agent).serve_forever()
