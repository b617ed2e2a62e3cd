package io.flexmetry.sink.twilio;

import com.twilio.base.TwilioResponse;
import com.twilio.http.TwilioRestClient;
import com.twilio.rest.taskrouter.v1.workspace.Task;
import com.twilio.rest.taskrouter.v1.workspace.TaskUpdater;
import io.flexmetry.contract.settings.TwilioSettings;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * TaskRouter's task resource, as far as the sink needs it. Errors come as the SDK's {@code ApiException} with status and
 * code, or as {@link TryAgainException}.
 */
public final class TaskApi {

    private final TwilioRestClient client;
    private final String workspaceSid;

    public TaskApi(TwilioSettings settings) {
        this.client = new TwilioRestClient.Builder(
                        settings.account().username(), settings.account().password())
                .accountSid(settings.account().accountSid())
                .httpClient(new TwilioHttpClient(settings.account()))
                .build();
        this.workspaceSid = settings.workspaceSid();
    }

    /**
     * A task's attributes at a version.
     *
     * @param attributes a JSON object as text
     * @param etag the version, to be given back in If-Match as it came; absent if Twilio told none
     */
    public record Versioned(
            @Nullable String attributes, @Nullable String etag) {}

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

    private static Versioned versioned(TwilioResponse<Task> response) {
        String etag = response.getHeaders().entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase("ETag"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
        return new Versioned(response.getContent().getAttributes(), etag);
    }
}
