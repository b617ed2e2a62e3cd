package io.flexmetry.processors.conversation;

import org.jspecify.annotations.Nullable;

/** Ids of the commands that look messages up: made of what is asked, so that whoever reads again asks nothing new. */
final class LookUpId {

    private static final String GAP = "/messages/";
    private static final String NEWEST = "/newest/";

    private LookUpId() {}

    /** Messages that are missing between others. */
    static String gap(String conversationSid, long first, long last) {
        return conversationSid + GAP + first + "-" + last;
    }

    /** What may be missing at the end of a reservation. */
    static String newest(String conversationSid, String reservationSid) {
        return conversationSid + NEWEST + reservationSid;
    }

    /** SID of the reservation at whose end the newest message was asked for; absent for any other command. */
    static @Nullable String reservationSid(String conversationSid, String commandId) {
        String prefix = conversationSid + NEWEST;
        return commandId.startsWith(prefix) ? commandId.substring(prefix.length()) : null;
    }

    /** Whether a command of a conversation looks something up, and is no step. */
    static boolean isOne(String conversationSid, String commandId) {
        return commandId.startsWith(conversationSid + GAP) || commandId.startsWith(conversationSid + NEWEST);
    }
}
