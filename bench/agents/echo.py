# The same minimal agent for Python, on the standard library alone.
import os
import socketserver
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Agent(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.answer(b'{"status":"Healthy"}')

    def do_POST(self):
        self.answer(self.rfile.read(int(self.headers["content-length"])))

    def answer(self, body):
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def address_string(self):
        return "client"

    def log_message(self, *_):
        pass


class OnUnixSocket(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    pass


path = os.environ.get("AGENT_SOCKET")
(OnUnixSocket(path, Agent) if path else ThreadingHTTPServer(("0.0.0.0", 8080), Agent)).serve_forever()
