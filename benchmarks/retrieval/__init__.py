"""Ways of finding the policy that a question is about, side by side. Run `python -m benchmarks.retrieval`."""
