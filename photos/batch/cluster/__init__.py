"""The photos of a batch on several machines, by Ray Data.

Parcels of photos go to workers, one process a processor core or graphics card, each of which does
them as one machine would: `photos.batch.running` on its parcel, `photos.batch.doing` on each photo.
What is done stands in the same manifest. As only one machine may open its file, a process beside
the driver keeps it for all: `keeper`; `shared` is what a worker sees of it. `sizing` says how many
workers there are and how large; `joining` reaches the cluster; `driving` hands parcels out.

Ray is an extra, and imported when a cluster is joined.
"""
