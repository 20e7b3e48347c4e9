"""Which model is best: by truth where there is some, by votes, by agreement where there is neither.

NumPy, SciPy, OpenCV and SQLite; no torch, no page.
"""
