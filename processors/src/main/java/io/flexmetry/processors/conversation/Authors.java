package io.flexmetry.processors.conversation;

import io.flexmetry.processors.conversation.Author.Role;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells who wrote a message, from the evidence that a conversation has. Strongest first: what the participant's own
 * attributes say; a worker's chat identity; the configured bots; being a participant at all. An author that is none of
 * these is the system.
 */
final class Authors {

    /** Flex encodes what is neither letter nor digit in an identity as {@code _} and two hexadecimal digits. */
    private static final Pattern ENCODED = Pattern.compile("_([0-9A-Fa-f]{2})");

    private final Map<String, Participant> participants;
    private final Predicate<String> isBot;
    private final Map<String, String> workers = new HashMap<>();

    Authors(Conversation conversation, Predicate<String> isBot) {
        this.participants = conversation.participants();
        this.isBot = isBot;
        conversation.reservations().values().forEach(reservation -> reservation
                .identities()
                .forEach(identity -> workers.put(decode(identity), reservation.workerSid())));
    }

    Author of(Message message) {
        String workerSid = workers.get(decode(message.author()));
        Participant participant = participant(message);
        Role declared = participant == null ? null : declared(participant.declaredType());
        if (declared != null) {
            return new Author(declared, declared == Role.AGENT ? workerSid : null);
        }
        if (workerSid != null) {
            return new Author(Role.AGENT, workerSid);
        }
        if (isBot.test(message.author())) {
            return new Author(Role.BOT, null);
        }
        boolean participates = message.participantSid() != null || participant != null;
        return new Author(participates ? Role.CUSTOMER : Role.SYSTEM, null);
    }

    private @Nullable Participant participant(Message message) {
        if (message.participantSid() != null) {
            return participants.get(message.participantSid());
        }
        return participants.values().stream()
                .filter(candidate -> candidate.isKnownAs(message.author()))
                .findFirst()
                .orElse(null);
    }

    private static @Nullable Role declared(@Nullable String type) {
        if (type == null) {
            return null;
        }
        return switch (type) {
            case "agent" -> Role.AGENT;
            case "supervisor" -> Role.SUPERVISOR;
            case "customer", "guest" -> Role.CUSTOMER;
            default -> null;
        };
    }

    private static String decode(String identity) {
        return ENCODED.matcher(identity)
                .replaceAll(encoded ->
                        Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(encoded.group(1), 16))));
    }
}
