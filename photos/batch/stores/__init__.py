"""Object stores: photos come from them and results go there, as from folders and into folders.

A store has no files that grow and none that are renamed: an object appears whole, or not at all.
"""
