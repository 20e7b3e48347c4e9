"""Folders of any size: each photo done once, whatever ends the process on the way.

`wishes` are what is made of each photo, as plain data; `doing` does one photo; `running` does many,
several at once; `manifest` remembers what is done; `listing` finds the photos.
"""
