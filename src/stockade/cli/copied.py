"""Whether a project describes itself as a known one does: that one's JSON is asked for once."""

from __future__ import annotations

from stockade.acquire.reference import repositories
from stockade.analyse.identity.copies import copies, model
from stockade.analyse.identity.names import Names
from stockade.cli.world import World
from stockade.decide.indexes import serving
from stockade.decide.policy import Policy
from stockade.model.identity import ProjectHistory


def copied(history: ProjectHistory, world: World, policy: Policy, names: Names | None) -> tuple[object, ...]:
    """What `history` claims in the words of a known project; () where that is unknown.

    Nothing is asked for a project, or about one, that policy keeps to an index of its own.
    """
    if names is None or serving(policy, history.project):
        return ()
    target = model(history, names, repositories())
    if target is None or serving(policy, target):
        return ()
    theirs = world.histories.beside(target, history.project)
    return () if theirs is None else copies(history, target, theirs)
