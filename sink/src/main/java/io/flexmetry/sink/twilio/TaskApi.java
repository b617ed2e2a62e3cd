package io.flexmetry.sink.twilio;

import com.twilio.base.TwilioResponse;
import com.twilio.http.TwilioRestClient;
import com.twilio.rest.taskrouter.v1.workspace.Task;
import com.twilio.rest.taskrouter.v1.workspace.TaskUpdater;
import io.flexmetry.contract.settings.TwilioSettings;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The part of TaskRouter's task API that the sink needs. Errors are the SDK's {@code ApiException} with status and
 * code, or {@link TryAgainException}.
 */
public final class TaskApi {

    private final TwilioRestClient client;
    private final String workspaceSid;

    public TaskApi(TwilioSettings settings, TwilioHttpClient http) {
        this.client = http.sdk();
        this.workspaceSid = settings.workspaceSid();
    }

    /**
     * One version of a task.
     *
     * @param attributes a JSON object as text
     * @param etag the version, sent back unchanged in If-Match; absent if Twilio returned none
     * @param status assignment status; absent if Twilio returned none
     * @param channel unique name of its task channel
     */
    public record Versioned(
            @Nullable String attributes,
            @Nullable String etag,
            Task.@Nullable Status status,
            @Nullable String channel) {

        public boolean hasEnded() {
            return status == Task.Status.COMPLETED || status == Task.Status.CANCELED;
        }

        /** The version as shown in the ledger; empty if Twilio returned none. */
        public String revision() {
            return etag == null ? "" : etag.replace("\"", "");
        }
    }

    /** Reads a task. */
    public Versioned fetch(String taskSid) {
        return versioned(Task.fetcher(workspaceSid, taskSid).fetchWithResponse(client));
    }

    /**
     * Replaces all attributes of a task.
     *
     * @param etag the version that must still be the current one
     */
    public Versioned update(String taskSid, String attributes, @Nullable String etag) {
        TaskUpdater updater = Task.updater(workspaceSid, taskSid).setAttributes(attributes);
        if (etag != null) {
            updater.setIfMatch(etag);
        }
        return versioned(updater.updateWithResponse(client));
    }

    /** Sets the assignment status of a task. */
    public void move(String taskSid, String status, String reason) {
        Task.updater(workspaceSid, taskSid)
                .setAssignmentStatus(Task.Status.forValue(status))
                .setReason(reason)
                .update(client);
    }

    /** Moves a task to another task channel. */
    public void switchChannel(String taskSid, String channel) {
        Task.updater(workspaceSid, taskSid).setTaskChannel(channel).update(client);
    }

    /** Creates a task; returns its SID. */
    public String create(String workflowSid, String attributes) {
        return Task.creator(workspaceSid)
                .setWorkflowSid(workflowSid)
                .setAttributes(attributes)
                .create(client)
                .getSid();
    }

    /**
     * Searches for a task whose attribute has this value; Twilio allows three such queries per second.
     *
     * @return its SID
     */
    public Optional<String> find(String attribute, String value) {
        return StreamSupport.stream(
                        Task.reader(workspaceSid)
                                .setEvaluateTaskAttributes(attribute + " == \"" + value + "\"")
                                .limit(1)
                                .read(client)
                                .spliterator(),
                        false)
                .map(Task::getSid)
                .findFirst();
    }

    private static Versioned versioned(TwilioResponse<Task> response) {
        String etag = response.getHeaders().entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase("ETag"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
        Task task = Objects.requireNonNull(response.getContent());
        return new Versioned(task.getAttributes(), etag, task.getAssignmentStatus(), task.getTaskChannelUniqueName());
    }
}
