"""A network of named hosts: a proxy outside of the jail that lets through what the profile names, and nothing else.

    rules     which hosts, on which ports
    lookups   the jail's DNS: names that are allowed get an address that leads to the proxy, others get none
    hello     which host a TLS client asks for; heads, which one an HTTP client does
    traffic   one connection: who is meant, whether all that says so agrees, and then bytes in both directions
    serving   all of it on the sockets of a jail

What is refused is said in plain sentences. What goes on inside of TLS is not seen: a host that is allowed can hand on
to others whatever it likes.
"""

from stockade.acquire.jail.hosts.rules import Rules
from stockade.acquire.jail.hosts.serving import Hosts

__all__ = ["Hosts", "Rules"]
