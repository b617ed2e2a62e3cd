package io.flexmetry.local.scale;

import static io.flexmetry.local.twilio.SimulatedAccount.sid;

import io.flexmetry.contract.metric.Metric;
import io.flexmetry.local.twilio.ConversationStore.Posted;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A random chat with its expected numbers, which are counted here while it is generated, independently of the code
 * under test.
 *
 * @param name the seed of its SIDs
 * @param messages the messages in Twilio
 * @param webhooks in the order in which they are sent
 * @param numbers numbers of its only reservation; empty for a chat that falls silent and never ends
 */
record Chat(String name, List<Posted> messages, List<Webhook> webhooks, Map<Metric, BigDecimal> numbers) {

    /** The metrics counted here, and their keys on a task. */
    static final Map<Metric, String> COUNTED = Map.of(
            Metric.FIRST_RESPONSE_TIME, "first_response_time",
            Metric.AVERAGE_RESPONSE_TIME, "average_response_time",
            Metric.AGENT_MESSAGES, "conversation_measure_2",
            Metric.CUSTOMER_MESSAGES, "conversation_measure_3",
            Metric.AVERAGE_AGENT_LENGTH, "conversation_measure_4",
            Metric.AVERAGE_CUSTOMER_LENGTH, "conversation_measure_6");

    private static final String TEXT = "lorem ipsum dolor sit amet consectetur";

    /** A form and its path. */
    record Webhook(String path, Map<String, String> form) {}

    /** Without trailing zeros, so that equal numbers are equal. */
    static BigDecimal plain(BigDecimal number) {
        return new BigDecimal(number.stripTrailingZeros().toPlainString());
    }

    String taskSid() {
        return sid("WT", name);
    }

    String reservationSid() {
        return sid("WR", name);
    }

    String conversationSid() {
        return sid("CH", name);
    }

    /** A chat in which the agent has the last word and nobody writes any more. */
    static Chat silent(String name, Instant now) {
        Maker maker = new Maker(name, "Silent", now);
        maker.reservation("accepted", 0);
        maker.message("customer", 1, TEXT);
        maker.message(maker.agent, 2, TEXT);
        return maker.chat(Map.of());
    }

    /** A chat that is wrapped up. */
    static Chat ended(String name, Instant start, Random random) {
        Maker maker = new Maker(name, "Ended", start);
        Tally tally = new Tally();
        int second = 0;
        for (int i = random.nextInt(3); i > 0; i--) {
            second += 1 + random.nextInt(20);
            tally.customer(second, maker.message("customer", second, text(random)));
        }
        second += 5;
        tally.accepted(second);
        maker.reservation("accepted", second);
        int turns = 2 + random.nextInt(6);
        for (int i = 0; i < turns; i++) {
            second += 1 + random.nextInt(60);
            if (random.nextBoolean()) {
                tally.customer(second, maker.message("customer", second, text(random)));
            } else {
                tally.agent(second, maker.message(maker.agent, second, text(random)));
            }
        }
        second += 5;
        maker.reservation("wrapup", second);
        return maker.chat(tally.numbers());
    }

    private static String text(Random random) {
        return TEXT.substring(0, 1 + random.nextInt(TEXT.length()));
    }

    /** The expected numbers, by the rule book. */
    private static final class Tally {
        private int acceptedAt;
        private boolean isAccepted;
        private @Nullable Integer firstResponse;
        private @Nullable Integer waitingSince;
        private final List<Integer> waits = new ArrayList<>();
        private final List<Integer> agent = new ArrayList<>();
        private final List<Integer> customer = new ArrayList<>();

        void accepted(int second) {
            acceptedAt = second;
            isAccepted = true;
        }

        void customer(int second, String text) {
            customer.add(text.length());
            if (waitingSince == null) {
                waitingSince = isAccepted ? second : -1;
            }
        }

        void agent(int second, String text) {
            agent.add(text.length());
            if (firstResponse == null) {
                firstResponse = second - acceptedAt;
            }
            if (waitingSince != null && waitingSince >= 0) {
                waits.add(second - waitingSince);
            }
            waitingSince = null;
        }

        Map<Metric, BigDecimal> numbers() {
            Map<Metric, BigDecimal> numbers = new EnumMap<>(Metric.class);
            numbers.put(Metric.AGENT_MESSAGES, BigDecimal.valueOf(agent.size()));
            numbers.put(Metric.CUSTOMER_MESSAGES, BigDecimal.valueOf(customer.size()));
            if (firstResponse != null) {
                numbers.put(Metric.FIRST_RESPONSE_TIME, BigDecimal.valueOf(firstResponse));
            }
            putMean(numbers, Metric.AVERAGE_RESPONSE_TIME, waits);
            putMean(numbers, Metric.AVERAGE_AGENT_LENGTH, agent);
            putMean(numbers, Metric.AVERAGE_CUSTOMER_LENGTH, customer);
            return numbers;
        }

        private static void putMean(Map<Metric, BigDecimal> numbers, Metric metric, List<Integer> values) {
            if (!values.isEmpty()) {
                long sum = values.stream().mapToLong(Integer::longValue).sum();
                numbers.put(
                        metric,
                        plain(BigDecimal.valueOf(sum)
                                .divide(BigDecimal.valueOf(values.size()), 3, RoundingMode.HALF_UP)));
            }
        }
    }

    private static final class Maker {
        private final String name;
        private final String queue;
        private final Instant start;
        /** One agent for each chat, because all chats are open at the same time. */
        private final String agent;

        private final List<Posted> messages = new ArrayList<>();
        private final List<Webhook> webhooks = new ArrayList<>();

        private Maker(String name, String queue, Instant start) {
            this.name = name;
            this.queue = queue;
            this.start = start;
            this.agent = "ag-" + name;
        }

        private Chat chat(Map<Metric, BigDecimal> numbers) {
            return new Chat(name, List.copyOf(messages), List.copyOf(webhooks), numbers);
        }

        private String message(String author, int second, String text) {
            Posted message = new Posted(
                    sid("IM", name + messages.size()),
                    messages.size(),
                    author,
                    sid("MB", name + author),
                    text,
                    "{}",
                    start.plusSeconds(second));
            messages.add(message);
            Map<String, String> form = new LinkedHashMap<>();
            form.put("EventType", "onMessageAdded");
            form.put("ConversationSid", sid("CH", name));
            form.put("MessageSid", message.sid());
            form.put("Index", Long.toString(message.index()));
            form.put("DateCreated", message.createdAt().toString());
            form.put("Author", author);
            form.put("ParticipantSid", sid("MB", name + author));
            form.put("Body", text);
            webhooks.add(new Webhook("/webhooks/conversations", form));
            return text;
        }

        private void reservation(String change, int second) {
            Map<String, String> form = new LinkedHashMap<>();
            form.put("EventType", "reservation." + change);
            form.put("Sid", sid("EV", name + change));
            form.put("TimestampMs", Long.toString(start.plusSeconds(second).toEpochMilli()));
            form.put("TaskSid", sid("WT", name));
            form.put("TaskAttributes", "{\"conversationSid\":\"" + sid("CH", name) + "\"}");
            form.put("TaskChannelUniqueName", "chat");
            form.put("TaskQueueName", queue);
            form.put("ReservationSid", sid("WR", name));
            form.put("WorkerSid", sid("WK", name));
            form.put("WorkerName", agent + "@example.com");
            form.put("WorkerAttributes", "{\"contact_uri\":\"client:" + agent + "\"}");
            webhooks.add(new Webhook("/webhooks/taskrouter", form));
        }
    }
}
