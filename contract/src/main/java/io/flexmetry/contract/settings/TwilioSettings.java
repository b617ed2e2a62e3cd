package io.flexmetry.contract.settings;

import java.net.URI;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How to reach Twilio's REST API, and as whom.
 *
 * @param accountSid AC…
 * @param username API key or account SID
 * @param password API secret or auth token
 * @param workspaceSid WS…
 * @param baseUrl the origin of every call; absent = Twilio's own
 */
public record TwilioSettings(
        String accountSid,
        String username,
        String password,
        String workspaceSid,
        @Nullable URI baseUrl) {

    private static final Pattern SID = Pattern.compile("[A-Z]{2}[0-9a-fA-F]{32}");

    public TwilioSettings {
        requireSid(Variable.TWILIO_ACCOUNT_SID, "AC", accountSid);
        requireSid(Variable.TWILIO_WORKSPACE_SID, "WS", workspaceSid);
    }

    /**
     * Reads them from the environment.
     *
     * @throws SettingsException if something is missing or of the wrong form
     */
    public static TwilioSettings from(Environment environment) {
        String accountSid = environment.require(Variable.TWILIO_ACCOUNT_SID);
        boolean withKey = environment.find(Variable.TWILIO_API_KEY).isPresent();
        return new TwilioSettings(
                accountSid,
                withKey ? environment.require(Variable.TWILIO_API_KEY) : accountSid,
                environment.require(withKey ? Variable.TWILIO_API_SECRET : Variable.TWILIO_AUTH_TOKEN),
                environment.require(Variable.TWILIO_WORKSPACE_SID),
                environment.origin(Variable.FLEXMETRY_TWILIO_BASE_URL).orElse(null));
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "TwilioSettings[accountSid=" + accountSid + ", username=" + username + ", workspaceSid=" + workspaceSid
                + ", baseUrl=" + baseUrl + "]";
    }

    private static void requireSid(Variable variable, String prefix, String sid) {
        if (!sid.startsWith(prefix) || !SID.matcher(sid).matches()) {
            throw new SettingsException(
                    "Expected " + variable + " to be " + prefix + " and 32 hexadecimal digits but it is " + sid);
        }
    }
}
