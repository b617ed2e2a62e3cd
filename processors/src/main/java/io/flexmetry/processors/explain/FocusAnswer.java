package io.flexmetry.processors.explain;

import io.flexmetry.contract.explain.FocusInterval;
import java.util.List;

/** When a worker had a reservation on screen: the answer of one instance to another. */
record FocusAnswer(List<FocusInterval> focus) {}
