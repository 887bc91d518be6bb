"""How people who work here prove who they are: links, codes, second factors, passkeys, and the sessions that this opens."""
