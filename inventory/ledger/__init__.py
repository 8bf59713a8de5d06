"""The ledger: what stands where and how it came there. The only room that writes movements, balances and holds."""
