from mcp.server.fastmcp import FastMCP

server = FastMCP("demo")


@server.tool()
def find(text: str) -> str:
    """Finds a note.

    The address and the key are read from environment variables and never taken as a tool parameter.
    """
    return text
