"""moto's server on a free loopback port, which it prints. It ends with its standard input, so it cannot outlive its parent."""

import signal
import sys

from moto.server import ThreadedMotoServer

# Ctrl-C reaches every process of the terminal; the parent still needs the server to clean up.
signal.signal(signal.SIGINT, signal.SIG_IGN)

server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
server.stop()
