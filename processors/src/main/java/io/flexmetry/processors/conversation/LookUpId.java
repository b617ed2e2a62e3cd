package io.flexmetry.processors.conversation;

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

    /** Whether a command of a conversation looks something up, and is no step. */
    static boolean isOne(String conversationSid, String commandId) {
        return commandId.startsWith(conversationSid + GAP) || commandId.startsWith(conversationSid + NEWEST);
    }
}
