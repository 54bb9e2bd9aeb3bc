# Knows the API alone: whether anything records is up to opentelemetry-instrument.
import json
from http.server import BaseHTTPRequestHandler, HTTPServer

from opentelemetry import trace


class Agent(BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer({"status": "Healthy"})

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        with trace.get_tracer("guest").start_as_current_span("turn") as span:
            self.answer({"recording": span.is_recording()})

    def answer(self, body):
        data = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


HTTPServer(("0.0.0.0", 8080), Agent).serve_forever()
