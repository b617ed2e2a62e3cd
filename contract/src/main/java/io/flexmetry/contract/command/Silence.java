package io.flexmetry.contract.command;

import org.jspecify.annotations.Nullable;

/**
 * The silence that led to a command. Before the sink executes the command, it checks that the silence still lasts. A message newer than
 * {@code lastIndex} ends the silence and cancels the command.
 *
 * @param conversationSid CH…
 * @param lastIndex index of the last message known at the decision; −1 if there was none
 * @param chatServiceSid IS… of the conversation's service; absent until an event names it
 */
public record Silence(
        String conversationSid, long lastIndex, @Nullable String chatServiceSid) {}
