"""What Rasa loads and what people talk to."""

import os

# numpy reads this when it is imported. A turn's matrices are too small to share: a second thread would only wait for the
# first, and take a third of the processor for it.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
