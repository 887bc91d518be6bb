"""A congress: one edition or gathering of a network."""
