package io.flexmetry.processors.conversation;

import org.jspecify.annotations.Nullable;

/** Ids of the commands that look messages up. They are derived from the query, so that a replay creates duplicates only. */
final class LookUpId {

    private static final String GAP = "/messages/";
    private static final String NEWEST = "/newest/";

    private LookUpId() {}

    /** Look-up of a gap. */
    static String gap(String conversationSid, long first, long last) {
        return conversationSid + GAP + first + "-" + last;
    }

    /** Look-up of the newest messages at the end of a reservation. */
    static String newest(String conversationSid, String reservationSid) {
        return conversationSid + NEWEST + reservationSid;
    }

    /** Reservation SID of a look-up of the newest messages; absent for any other command. */
    static @Nullable String reservationSid(String conversationSid, String commandId) {
        String prefix = conversationSid + NEWEST;
        return commandId.startsWith(prefix) ? commandId.substring(prefix.length()) : null;
    }

    /** Whether a command of a conversation is a look-up and not an escalation step. */
    static boolean isLookUp(String conversationSid, String commandId) {
        return commandId.startsWith(conversationSid + GAP) || commandId.startsWith(conversationSid + NEWEST);
    }
}
