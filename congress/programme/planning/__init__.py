"""Planning the draft: what is in the way of what, what was accepted, who changed what, and taking it back."""
