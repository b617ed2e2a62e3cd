package io.flexmetry.ingest.publish;

import io.flexmetry.contract.settings.TopicSettings;
import io.flexmetry.contract.topic.Topic;
import io.flexmetry.contract.topic.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Queries the cluster. A topic is lost if we may not access it, or if it does not exist although others of ours do and the cluster refuses
 * to create it. If none of ours exists, the cluster is still being set up; if a missing topic can be created, it is. Both are temporary.
 *
 * @param connected the admin client, once the cluster is reachable; until then nothing is lost
 * @param settings settings for new topics
 */
public record AdminTopicLookup(CompletableFuture<Admin> connected, TopicSettings settings) implements TopicLookup {

    private static final Logger LOG = LoggerFactory.getLogger(AdminTopicLookup.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    @Override
    public CompletableFuture<Map<String, String>> lost(Set<String> topics) {
        if (!connected.isDone()) {
            return CompletableFuture.completedFuture(Map.of());
        }
        Admin admin = connected.join();
        return describe(admin)
                .thenCompose(found -> found.values().stream().anyMatch(AdminTopicLookup::isMissing)
                        ? createdOrRefused(admin)
                                .thenCompose(refusal -> describe(admin).thenApply(again -> lost(again, refusal)))
                        : CompletableFuture.completedFuture(lost(found, Optional.empty())))
                .exceptionally(failure -> {
                    LOG.atDebug().addKeyValue("error", failure).log("Could not describe the topics");
                    return Map.of();
                })
                .thenApply(all -> {
                    Map<String, String> wanted = new HashMap<>(all);
                    wanted.keySet().retainAll(topics);
                    return wanted;
                });
    }

    /** For each topic, why it cannot be described; empty if it can. */
    private CompletableFuture<Map<String, Optional<Throwable>>> describe(Admin admin) {
        List<String> names = Topics.ALL.stream().map(Topic::name).toList();
        Map<String, CompletableFuture<Optional<Throwable>>> answers = new HashMap<>();
        admin.describeTopics(names, new DescribeTopicsOptions().timeoutMs((int) TIMEOUT.toMillis()))
                .topicNameValues()
                .forEach((name, description) -> answers.put(
                        name,
                        description
                                .toCompletionStage()
                                .toCompletableFuture()
                                .handle((found, failure) ->
                                        Optional.ofNullable(failure).map(AdminTopicLookup::cause))));
        return CompletableFuture.allOf(answers.values().toArray(CompletableFuture<?>[]::new))
                .thenApply(done -> {
                    Map<String, Optional<Throwable>> all = new HashMap<>();
                    answers.forEach((name, answer) -> all.put(name, answer.join()));
                    return all;
                });
    }

    private CompletableFuture<Optional<Throwable>> createdOrRefused(Admin admin) {
        return Topics.create(admin, settings)
                .handle((done, failure) -> Optional.ofNullable(failure).map(AdminTopicLookup::cause));
    }

    private static Map<String, String> lost(
            Map<String, Optional<Throwable>> found, Optional<Throwable> refusalToCreate) {
        Map<String, String> lost = new HashMap<>();
        boolean others = found.values().stream().anyMatch(Optional::isEmpty);
        Optional<Throwable> cannotCreate = refusalToCreate.filter(AdminTopicLookup::isFinal);
        found.forEach((name, answer) -> {
            if (answer.filter(Refusal::isPermanent).isPresent()) {
                lost.put(name, Refusal.reason(answer.get()));
            } else if (isMissing(answer) && others && cannotCreate.isPresent()) {
                lost.put(name, "it does not exist and cannot be created: " + Refusal.reason(cannotCreate.get()));
            }
        });
        return lost;
    }

    private static boolean isMissing(Optional<Throwable> answer) {
        return answer.filter(UnknownTopicOrPartitionException.class::isInstance).isPresent();
    }

    private static boolean isFinal(Throwable failure) {
        return failure instanceof ApiException && !(failure instanceof RetriableException);
    }

    private static Throwable cause(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause(cause) : failure;
    }
}
