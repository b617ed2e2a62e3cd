package io.flexmetry.processors.conversation;

import io.flexmetry.contract.event.Worker;
import io.flexmetry.contract.explain.ExplainedFact;
import io.flexmetry.contract.explain.ExplainedFact.Evidence;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.processors.cases.ReportedValue;
import io.flexmetry.processors.conversation.Author.Role;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who wrote a message, by the evidence of a conversation. Strongest first: the participant's own attributes; a worker's chat
 * identity; the configured greeters and bots; being a participant. Any other author is the system.
 */
final class Authors {

    private final Map<String, Participant> participants;
    private final Configuration configuration;
    private final Map<String, String> workers;
    private final Map<Name, Recognised> recognised = new HashMap<>();

    Authors(Conversation conversation, Configuration configuration) {
        this.participants = conversation.participants();
        this.configuration = configuration;
        this.workers = new HashMap<>(conversation.workers());
        conversation.reservations().values().forEach(reservation -> reservation
                .identities()
                .forEach(identity -> workers.put(Worker.decode(identity), reservation.workerSid())));
    }

    Author of(Message message) {
        return recognised(message.author(), message.participantSid()).author();
    }

    /** An author's role and the strongest evidence for it. */
    record Recognised(Author author, Evidence evidence) {
        ExplainedFact.Role role() {
            return ExplainedFact.Role.valueOf(author.role().name());
        }
    }

    private record Name(String name, @Nullable String participantSid) {}

    Recognised recognised(String name, @Nullable String participantSid) {
        return recognised.computeIfAbsent(
                new Name(name, participantSid), key -> recognise(key.name, key.participantSid));
    }

    private Recognised recognise(String name, @Nullable String participantSid) {
        String workerSid = workers.get(Worker.decode(name));
        Participant participant = participant(name, participantSid);
        Role declared = participant == null ? null : declared(participant);
        if (declared != null) {
            return recognised(declared, declared == Role.AGENT ? workerSid : null, Evidence.PARTICIPANT_ATTRIBUTES);
        }
        if (workerSid != null) {
            return recognised(Role.AGENT, workerSid, Evidence.WORKER_IDENTITY);
        }
        if (configuration.isGreeter(name)) {
            return recognised(Role.SYSTEM, null, Evidence.GREETERS);
        }
        if (configuration.isBot(name)) {
            return recognised(Role.BOT, null, Evidence.BOTS);
        }
        boolean participates = participantSid != null || participant != null;
        return participates
                ? recognised(Role.CUSTOMER, null, Evidence.PARTICIPANT)
                : recognised(Role.SYSTEM, null, Evidence.NO_PARTICIPANT);
    }

    private static Recognised recognised(Role role, @Nullable String workerSid, Evidence evidence) {
        return new Recognised(new Author(role, workerSid), evidence);
    }

    /** Whether that identity is a worker's. */
    boolean isWorker(String identity) {
        return workers.containsKey(Worker.decode(identity));
    }

    private @Nullable Participant participant(String name, @Nullable String participantSid) {
        if (participantSid != null) {
            return participants.get(participantSid);
        }
        // somebody who left and came back is two participants: the one that declares a role is the better evidence
        return participants.values().stream()
                .filter(candidate -> candidate.isKnownAs(name))
                .max(Comparator.comparing((Participant candidate) -> declared(candidate) != null)
                        .thenComparing(Participant::reportedAt))
                .orElse(null);
    }

    private static @Nullable Role declared(Participant participant) {
        String type = ReportedValue.valueOf(participant.declaredType());
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
}
