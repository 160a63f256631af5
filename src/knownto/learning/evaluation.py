"""What was measured of the model. The reading is in `linkage`, so that pages of any layer may show it."""

from knownto.linkage.evaluation import Evaluation, latest

__all__ = ["Evaluation", "latest"]
