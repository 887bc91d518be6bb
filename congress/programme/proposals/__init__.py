"""What coordinators propose for the sessions of their field, and organisers approve."""
