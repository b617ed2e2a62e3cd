package io.flexmetry.processors.explain;

import io.flexmetry.contract.explain.FocusInterval;
import java.util.List;

/** When a worker looked at a reservation, as one instance tells it another. */
record Looks(List<FocusInterval> focus) {}
