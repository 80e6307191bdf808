"""The network that leads nowhere, asked by real clients."""

from __future__ import annotations

from tests.support.nowhere import nowhere, query, reached


def test_every_name_leads_to_an_address_of_its_own_and_connections_are_told_by_it() -> None:
    network = nowhere((80,), (53,))
    with reached(network) as here:
        first, again, other = (here.look_up(name) for name in ("a.invalid", "A.invalid", "b.invalid"))
        assert here.look_up("metadata.google.internal") == ("169.254.169.254",)
        assert here.look_up("a.invalid", 28) == ()  # no IPv6, and no error
        assert here.look_up("a.invalid", 16) == (b"\x0bv=spf1 -all".hex(),)
        assert len(here.look_up("a.invalid", 15)) == 1
    assert first == again != other
    told = [(one.protocol, one.host, one.port, one.summary) for one in here.exchanges]
    assert told[0] == ("dns", "a.invalid", 53, "A a.invalid")
    assert ("dns", "a.invalid", 53, "AAAA a.invalid") in told
    assert here.exchanges[0].sent == query("a.invalid")
    with reached(network) as here:  # the same in the next run
        assert here.look_up("a.invalid") == first
