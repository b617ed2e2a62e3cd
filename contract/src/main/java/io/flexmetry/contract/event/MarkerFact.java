package io.flexmetry.contract.event;

/**
 * A marker behind all events that were published before it. Before processors act on a silence, they send markers to themselves through
 * every partition by which an event can arrive; when a marker returns, all events before it have been read. It concerns no task or
 * conversation.
 *
 * @param round the round of markers that it belongs to
 * @param via partition of the task events through which it is routed; −1 for the direct way
 * @param key key of the conversation events' partition that is its target
 */
public record MarkerFact(String round, int via, String key) implements Fact {}
