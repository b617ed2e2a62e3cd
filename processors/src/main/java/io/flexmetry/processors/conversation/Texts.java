package io.flexmetry.processors.conversation;

/**
 * Messages of one side, added up. All count; those with text have a length.
 *
 * @param messages how many
 * @param texts how many of them have text
 * @param length UTF-16 code units of all texts
 * @param media attached files
 */
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
