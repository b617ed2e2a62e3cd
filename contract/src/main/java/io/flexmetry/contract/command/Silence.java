package io.flexmetry.contract.command;

import org.jspecify.annotations.Nullable;

/**
 * The silence that something is done about. Just before, the sink looks whether it still lasts; a newer message than the
 * last one that was known when it was decided ends it, and nothing is done.
 *
 * @param conversationSid CH…
 * @param lastIndex of the last message that was known; −1 when there was none
 * @param chatServiceSid IS… of the conversation's service; absent while nobody has named it
 */
public record Silence(
        String conversationSid, long lastIndex, @Nullable String chatServiceSid) {}
