"""Registrations: who has registered, in which state, with which consents and which sessions of their own choice."""
