"""Which credentials lie on this machine, and where: everything about them but the secrets."""
