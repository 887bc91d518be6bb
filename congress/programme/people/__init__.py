"""Speakers and chairs: who they are in both languages, their photo, and what they agreed to."""
