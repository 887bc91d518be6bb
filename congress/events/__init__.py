"""Sign-ups of the public for accompanying events, and the newsletter."""
