"""Publishing: releases of a part of the draft, planned ones, and older ones brought back."""
