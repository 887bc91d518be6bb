"""Documents of sessions: agendas, slides, papers, each in versions and for those whom it concerns."""
