package io.flexmetry.processors.conversation;

import io.flexmetry.processors.cases.Compact;

/**
 * Sums over the messages of one side.
 *
 * @param messages how many
 * @param texts how many have text
 * @param length UTF-16 code units of all texts
 * @param media attached files
 */
@Compact
record Texts(long messages, long texts, long length, long media) {

    static final Texts NONE = new Texts(0, 0, 0, 0);

    static Texts of(Message message) {
        return message.textLength() == null
                ? new Texts(1, 0, 0, message.mediaCount())
                : new Texts(1, 1, message.textLength(), message.mediaCount());
    }

    Texts plus(Texts other) {
        return new Texts(messages + other.messages, texts + other.texts, length + other.length, media + other.media);
    }
}
