package io.flexmetry.contract.topic;

import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.contract.settings.Variable;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** Creates the topics on a cluster and ends: run once before the services. */
public final class TopicsMain {

    private TopicsMain() {}

    public static void main(String[] args) throws InterruptedException, ExecutionException {
        try {
            String servers = Environment.of(System.getenv()).require(Variable.FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS);
            try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, servers))) {
                Topics.create(admin).get();
            }
        } catch (SettingsException e) {
            System.err.println("topics: " + e.getMessage());
            System.exit(2);
        }
        Topics.ALL.forEach(topic -> System.out.println(topic.name()));
    }
}
