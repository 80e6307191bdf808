"""A detonation, told in whatever form was asked for."""

from __future__ import annotations

import os
from typing import TextIO

from stockade.act.report.look import look_of
from stockade.act.report.observed import DetonationReport
from stockade.act.report.observed_html import detonation_page
from stockade.act.report.observed_json import detonation_document
from stockade.act.report.observed_text import detonation_lines


def tell(form: str, out: TextIO, report: DetonationReport) -> None:
    """Write `report` as text, json or html."""
    if form == "html":
        out.write(detonation_page(report))
    elif form == "json":
        out.write(detonation_document(report))
    else:
        out.write("\n".join([*detonation_lines(report, look_of(out, os.environ)), ""]))
