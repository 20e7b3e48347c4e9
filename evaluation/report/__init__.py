"""What was measured, for others to see: one page without scripts, a table to paste, JSON."""

from evaluation.report.building import Report, build
from evaluation.report.writing import REPORT, TABLE, as_html, as_json, as_markdown, as_results

__all__ = ["REPORT", "TABLE", "Report", "as_html", "as_json", "as_markdown", "as_results", "build"]
