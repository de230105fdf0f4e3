"""Measures the assistant on questions that it has not learnt from: `huiqi evaluate`, explained in docs/评测.md."""
