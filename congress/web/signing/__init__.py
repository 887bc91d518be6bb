"""Signing in is Flask-Security's; this is what is ours of it: words, forms, mails by the outbox, browsers that are rows, invitations."""
