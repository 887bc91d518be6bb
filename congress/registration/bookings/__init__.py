"""The sessions that a person chooses: places, waiting, offers, and what cannot both be reached."""
