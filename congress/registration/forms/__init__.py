"""The shape of a registration: one module for each page of the form. What the answers mean is checked in ``registration.form.steps``."""
