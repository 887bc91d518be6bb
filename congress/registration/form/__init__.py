"""The pages of the form: what each asks, when it is open, what is kept of it, and the consents. Their shapes are in ``forms``."""
