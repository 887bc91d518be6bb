"""Calendar feeds: which entries a feed holds, and its bytes."""
