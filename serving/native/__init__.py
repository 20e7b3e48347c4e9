"""Our own API: POST a photo to one of the verbs, or send the order as a job."""
