"""Segment Anything in its generations: boxes, points and words become masks."""
