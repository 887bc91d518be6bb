"""What the surfaces share: language, pages of errors, filters, mail, calendars over HTTP."""
