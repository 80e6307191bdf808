"""Waits for connections without being called."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import seen, unasked
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

_WAITS_NAMES = (
    "socket.socket.listen socket.create_server asyncio.start_server aiohttp.web.run_app uvicorn.run waitress.serve"
    " flask.Flask.run bottle.run http.server.HTTPServer.serve_forever http.server.ThreadingHTTPServer.serve_forever"
    " socketserver.TCPServer.serve_forever socketserver.ThreadingTCPServer.serve_forever websockets.serve"
    " xmlrpc.server.SimpleXMLRPCServer.serve_forever rpyc.utils.server.ThreadedServer.start"
    " socketio.Server hypercorn.run tornado.web.Application.listen"
)
_WAITS = frozenset(_WAITS_NAMES.split())


@detector("listens-unasked", on=Call, when=unasked)
def listens_unasked(call: Call) -> Iterator[Evidence]:
    """Waits for connections without being called.

    What: a server or a listening socket at install, start-up or import.
    Why: a door that nobody opened on purpose; whoever knows of it comes in.
    Benign twins: servers start by a command or a call, and are silent here.
    Blind spots: servers of frameworks that are not in the vocabulary.
    """
    if call.target in _WAITS:
        yield seen("listens-unasked", call, f"waits for connections ({call.target})")
