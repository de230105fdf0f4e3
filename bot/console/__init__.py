"""The test console `huiqi shell`: ask, look behind the answer, see what an edit of the book changes, keep it as a test."""
