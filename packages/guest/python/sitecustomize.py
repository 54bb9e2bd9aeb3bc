# Level `process`: there is no network of the session's own, so the protocol's port becomes the session's unix socket.
# Python imports this file by itself when its folder is on PYTHONPATH. Settings: AGENTWORKS_LISTEN=PORT:SOCKET.
import os
import socket
import sys


def install(port, path):
    plain = socket.socket
    bind, accept, setsockopt = plain.bind, plain.accept, plain.setsockopt
    getsockname, getpeername = plain.getsockname, plain.getpeername
    inet = (socket.AF_INET, socket.AF_INET6)
    taken = []

    def is_moved(sock):
        # The Python object still says AF_INET; only the kernel knows what lies under the descriptor now.
        return sock.family in inet and not isinstance(getsockname(sock), tuple)

    def loopback(sock, number):
        return ("::1", number, 0, 0) if sock.family == socket.AF_INET6 else ("127.0.0.1", number)

    def moved_bind(self, address):
        if self.family not in inet or self.type != socket.SOCK_STREAM or address[1] != port:
            return bind(self, address)
        # A second host form (::1 beside 127.0.0.1) is a second socket; the first one is where the platform connects.
        if address[0] not in taken:
            taken.append(address[0])
        index = taken.index(address[0])
        target = path if index == 0 else "%s.%d" % (path, index)
        if os.path.exists(target) and is_dead(target):
            os.unlink(target)
        unix = plain(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            unix.bind(target)
            unix.settimeout(self.gettimeout())
            os.dup2(unix.fileno(), self.fileno(), inheritable=self.get_inheritable())
        finally:
            unix.close()

    def is_dead(target):
        trial = plain(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            trial.connect(target)
            return False
        except OSError:
            return True
        finally:
            trial.close()

    def moved_accept(self):
        if not is_moved(self):
            return accept(self)
        descriptor, _ = self._accept()
        # Protocol 0: asyncio would set TCP options on a socket that says it is TCP.
        peer = plain(self.family, self.type, 0, fileno=descriptor)
        if socket.getdefaulttimeout() is None and self.gettimeout():
            peer.setblocking(True)
        return peer, loopback(self, 0)

    def moved_setsockopt(self, level, *rest):
        if level in (socket.IPPROTO_TCP, socket.IPPROTO_IP, socket.IPPROTO_IPV6) and is_moved(self):
            return None
        return setsockopt(self, level, *rest)

    def moved_getsockname(self):
        return loopback(self, port) if is_moved(self) else getsockname(self)

    def moved_getpeername(self):
        return loopback(self, 0) if is_moved(self) else getpeername(self)

    plain.bind, plain.accept, plain.setsockopt = moved_bind, moved_accept, moved_setsockopt
    plain.getsockname, plain.getpeername = moved_getsockname, moved_getpeername
    # uvloop binds in C, past every patch; without it servers fall back to asyncio.
    sys.modules.setdefault("uvloop", None)


def run_shadowed():
    # The host's or the user's own sitecustomize comes later on the path and would not run otherwise.
    here = os.path.dirname(os.path.abspath(__file__))
    for folder in sys.path:
        candidate = os.path.join(folder, "sitecustomize.py")
        if os.path.abspath(folder) != here and os.path.isfile(candidate):
            with open(candidate) as file:
                exec(compile(file.read(), candidate, "exec"), {"__name__": "sitecustomize", "__file__": candidate})
            return


settings = os.environ.get("AGENTWORKS_LISTEN", "").partition(":")
if settings[2]:
    install(int(settings[0]), settings[2])
run_shadowed()
