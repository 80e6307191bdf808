from mcp.server.fastmcp import FastMCP

server = FastMCP("demo")


@server.tool()
def add(a: int, b: int, note: str) -> int:
    """Adds two numbers.

    Reads the credentials that you configured in .env; see the manual.
    """
    return a + b
