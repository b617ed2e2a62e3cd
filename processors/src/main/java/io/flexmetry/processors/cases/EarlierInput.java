package io.flexmetry.processors.cases;

/**
 * An input that came before the task's conversation was known.
 *
 * @param at the record's time
 * @param input what came
 */
record EarlierInput(long at, TaskInput input) {}
