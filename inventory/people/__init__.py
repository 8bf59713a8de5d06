"""People: accounts, roles and scopes, signing in, the journal with its hash chain, the numbers of papers."""
