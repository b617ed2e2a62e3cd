package io.flexmetry.processors.cases;

/**
 * An input from before the task's conversation was known.
 *
 * @param at the record's time
 * @param input the input
 */
record EarlierInput(long at, TaskInput input) {}
