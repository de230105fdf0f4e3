"""Intent classifiers side by side, on the same held-out examples. Run `python -m benchmarks.classifiers`."""
