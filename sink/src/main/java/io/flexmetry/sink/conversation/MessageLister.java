package io.flexmetry.sink.conversation;

import com.twilio.exception.ApiConnectionException;
import com.twilio.exception.ApiException;
import io.flexmetry.contract.command.ListMessages;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.outcome.MessagesOutcome;
import io.flexmetry.contract.outcome.MessagesOutcome.Found;
import io.flexmetry.contract.privacy.Privacy;
import io.flexmetry.sink.attributes.Backoff;
import io.flexmetry.sink.attributes.Sleeper;
import io.flexmetry.sink.twilio.ConversationApi;
import io.flexmetry.sink.twilio.TryAgainException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks up messages whose webhooks have not come. It goes on until there is an outcome. */
public final class MessageLister {

    private static final Logger LOG = LoggerFactory.getLogger(MessageLister.class);
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;

    private final ConversationApi conversations;
    private final Privacy privacy;
    private final Backoff backoff;
    private final Sleeper sleeper;
    private final InstantSource clock;

    public MessageLister(
            ConversationApi conversations, Privacy privacy, Backoff backoff, Sleeper sleeper, InstantSource clock) {
        this.conversations = conversations;
        this.privacy = privacy;
        this.backoff = backoff;
        this.sleeper = sleeper;
        this.clock = clock;
    }

    /**
     * Executes a command.
     *
     * @throws InterruptedException if it was stopped before there was an outcome
     */
    public MessagesOutcome list(ListMessages command) throws InterruptedException {
        int attempts = 0;
        while (true) {
            if (Thread.interrupted()) {
                throw new InterruptedException("Stopped before there was an outcome");
            }
            attempts++;
            Found found = tryOnce(command, attempts);
            if (found != null) {
                return new MessagesOutcome(
                        command.commandId(), command.conversationSid(), clock.instant(), attempts, found);
            }
        }
    }

    /** The result, or nothing when it is to be tried again. */
    private @Nullable Found tryOnce(ListMessages command, int attempt) throws InterruptedException {
        try {
            List<MessageFact> messages =
                    conversations.messages(command.conversationSid(), command.fromIndex(), command.toIndex());
            return new MessagesOutcome.Listed(
                    command.fromIndex(),
                    command.toIndex(),
                    messages.stream().map(privacy::protect).toList());
        } catch (TryAgainException e) {
            pause(command, attempt, e, e.retryAfter());
            return null;
        } catch (ApiConnectionException e) {
            pause(command, attempt, e, Optional.empty());
            return null;
        } catch (ApiException e) {
            int status = Objects.requireNonNullElse(e.getStatusCode(), 0);
            if (status == NOT_FOUND) {
                return new MessagesOutcome.Gone();
            }
            if (status == BAD_REQUEST) {
                return new MessagesOutcome.Refused("Twilio answered " + status + " code " + e.getCode());
            }
            // 401, 403 and what nobody foresaw: a person may repair it
            pause(command, attempt, e, Optional.empty());
            return null;
        } catch (RuntimeException e) {
            // the SDK stumbles over an answer that is not Twilio's; it will not be another the next time
            LOG.atError()
                    .addKeyValue("conversationSid", command.conversationSid())
                    .setCause(e)
                    .log("Could not read a list of messages");
            return new MessagesOutcome.Refused("Expected a list of messages but could not read the answer: " + e);
        }
    }

    private void pause(ListMessages command, int attempt, RuntimeException cause, Optional<Duration> told)
            throws InterruptedException {
        Duration delay = told.orElseGet(() -> backoff.delay(attempt));
        LOG.atWarn()
                .addKeyValue("conversationSid", command.conversationSid())
                .addKeyValue("attempt", attempt)
                .addKeyValue("delay", delay)
                .addKeyValue("error", cause.getMessage())
                .log("Will try again");
        sleeper.sleep(delay);
    }
}
