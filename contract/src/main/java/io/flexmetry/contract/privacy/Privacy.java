package io.flexmetry.contract.privacy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flexmetry.contract.event.ConferenceFact;
import io.flexmetry.contract.event.ConversationFact;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Fact;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.event.ParticipantFact;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.UnrecognisedFact;
import io.flexmetry.contract.event.Worker;
import io.flexmetry.contract.event.WorkerFact;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.PrivacyConfiguration.Kind;
import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.contract.settings.Variable;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Replaces addresses and identities by keyed hashes, if configured. The same person always has the same hash, so roles can still be
 * determined: an agent's identity has the same hash in the worker's attributes and as a message's author. Bots and the system are not
 * people and keep their names.
 */
public final class Privacy {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int HASH_BYTES = 16;
    private static final int SHORTEST_KEY = 16;

    /** A phone number, an e-mail address, or a text with a channel prefix such as {@code whatsapp:}. */
    private static final Pattern ADDRESS = Pattern.compile("\\+?\\d{5,}|[^@\\s]+@[^@\\s]+|[a-z]+:.+");

    /** An address within a longer text. */
    private static final Pattern ADDRESS_INSIDE = Pattern.compile("\\+\\d{7,15}|[\\w.+-]+(?:@|_40|%40)[\\w.-]+");

    private static final Set<String> NAMES_PEOPLE = Set.of(
            "Author", "Identity", "ClientIdentity", "From", "To", "Caller", "Called", "UserIdentity", "FriendlyName");

    private final Set<Kind> kinds;
    private final Predicate<String> isNobody;
    private final SecretKeySpec key;

    /**
     * @param kinds what is hashed
     * @param hashKey secret key of the hashes
     * @param isBot whether an author is a bot or a greeter
     */
    public Privacy(Set<Kind> kinds, String hashKey, Predicate<String> isBot) {
        this.kinds = kinds;
        this.key = new SecretKeySpec(hashKey.getBytes(UTF_8), ALGORITHM);
        this.isNobody = isBot.or("system"::equals);
    }

    /** @throws SettingsException if something has to be hashed but the key is missing or too short */
    public static Privacy from(Environment environment, Configuration configuration) {
        Set<Kind> kinds = configuration.privacy().hash();
        String key = kinds.isEmpty()
                ? "unused"
                : environment
                        .find(Variable.FLEXMETRY_HASH_KEY)
                        .orElseThrow(() -> new SettingsException("Expected environment variable "
                                + Variable.FLEXMETRY_HASH_KEY + " to be set: privacy.hash needs a secret"));
        if (!kinds.isEmpty() && key.length() < SHORTEST_KEY) {
            throw new SettingsException("Expected " + Variable.FLEXMETRY_HASH_KEY + " to have at least " + SHORTEST_KEY
                    + " characters: phone numbers under a short key can be guessed");
        }
        return new Privacy(kinds, key, author -> configuration.isBot(author) || configuration.isGreeter(author));
    }

    /** A copy with hashes in place of personal data. */
    public Event protect(Event event) {
        if (kinds.isEmpty()) {
            return event;
        }
        return new Event(
                event.eventId(),
                event.type(),
                event.occurredAt(),
                event.receivedAt(),
                event.source(),
                protect(event.fact()));
    }

    /** A copy with hashes in place of personal data. */
    public MessageFact protect(MessageFact message) {
        return kinds.isEmpty() ? message : hashed(message);
    }

    private MessageFact hashed(MessageFact message) {
        return new MessageFact(
                message.change(),
                message.conversationSid(),
                message.messageSid(),
                message.index(),
                message.createdAt(),
                hashed(message.author()),
                message.participantSid(),
                message.textLength(),
                message.mediaCount(),
                message.text(),
                message.chatServiceSid());
    }

    private Fact protect(Fact fact) {
        if (fact instanceof MessageFact message) {
            return hashed(message);
        }
        if (fact instanceof ParticipantFact participant) {
            return new ParticipantFact(
                    participant.change(),
                    participant.conversationSid(),
                    participant.participantSid(),
                    orNull(participant.identity()),
                    orNull(participant.address()),
                    participant.declaredType(),
                    participant.attributesTold(),
                    participant.chatServiceSid());
        }
        if (fact instanceof ConversationFact conversation) {
            return new ConversationFact(
                    conversation.conversationSid(),
                    parts(conversation.uniqueName()),
                    conversation.attributes(),
                    conversation.state(),
                    conversation.chatServiceSid());
        }
        if (fact instanceof ReservationFact reservation) {
            return new ReservationFact(
                    reservation.change(),
                    reservation.reservationSid(),
                    reservation.task(),
                    protect(reservation.worker()),
                    reservation.callSid());
        }
        if (fact instanceof WorkerFact worker) {
            return new WorkerFact(protect(worker.worker()), worker.activityName());
        }
        if (fact instanceof ConferenceFact conference) {
            return new ConferenceFact(
                    conference.conferenceSid(),
                    conference.change(),
                    addresses(conference.friendlyName()),
                    conference.callSid(),
                    addresses(conference.participantLabel()),
                    conference.reason());
        }
        if (fact instanceof UnrecognisedFact unrecognised) {
            return new UnrecognisedFact(fields(unrecognised.fields()));
        }
        return fact;
    }

    private Worker protect(Worker worker) {
        return new Worker(worker.workerSid(), worker.name(), orNull(worker.chatIdentity()));
    }

    /** The unique name of an internal chat consists of two workers' identities, joined by a plus. */
    private @Nullable String parts(@Nullable String uniqueName) {
        return uniqueName == null
                ? null
                // a plus may also begin a phone number
                : inside(Stream.of(uniqueName.split("(?<=.)\\+", 2))
                        .map(this::hashed)
                        .collect(Collectors.joining("+")));
    }

    private Map<String, String> fields(Map<String, String> fields) {
        Map<String, String> cleaned = new HashMap<>();
        fields.forEach((name, value) -> cleaned.put(
                name, NAMES_PEOPLE.contains(name) || name.endsWith("Address") ? hashed(value) : inside(value)));
        return cleaned;
    }

    private String inside(String text) {
        return kinds.contains(Kind.ADDRESSES)
                ? ADDRESS_INSIDE.matcher(text).replaceAll(found -> Matcher.quoteReplacement(hash(found.group())))
                : text;
    }

    private @Nullable String orNull(@Nullable String value) {
        return value == null ? null : hashed(value);
    }

    private String hashed(String value) {
        if (value.isEmpty() || isNobody.test(value)) {
            return value;
        }
        String decoded = Worker.decode(value);
        Kind kind = ADDRESS.matcher(decoded).matches() ? Kind.ADDRESSES : Kind.IDENTITIES;
        return kinds.contains(kind) ? hash(decoded) : inside(value);
    }

    /** A name that is not a person's, but may be or contain an address. */
    private @Nullable String addresses(@Nullable String name) {
        if (name == null) {
            return null;
        }
        return ADDRESS.matcher(name).matches() ? hashed(name) : inside(name);
    }

    private String hash(String value) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            // no colon: it would look like an address
            return "h-" + HexFormat.of().formatHex(mac.doFinal(value.getBytes(UTF_8)), 0, HASH_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Expected every JDK to have " + ALGORITHM, e);
        }
    }
}
