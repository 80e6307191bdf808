"""Names files that instruct or configure a coding agent."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Literal
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import named, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("agent-config", on=Literal)
def agent_config(literal: Literal) -> Iterator[Evidence]:
    """Names files that instruct or configure a coding agent.

    What: a string with the instruction file, rules or tool configuration of such an agent.
    Why: a line there speaks to the agent with its user's authority; the files hold keys as well.
    Benign twins: tools that set such agents up, when called.
    Blind spots: agents that are not in the vocabulary.
    """
    if part := named(literal, Mark.AGENT):
        yield seen("agent-config", literal, "names the configuration of a coding agent", part)
