"""Seeing from outside what processes ask of the kernel (seccomp_unotify(2)): no tracer is visible to them."""
