package io.flexmetry.contract.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The account and credentials for Twilio's REST API.
 *
 * @param accountSid AC…
 * @param username API key or account SID
 * @param password API secret or auth token
 * @param baseUrl origin that replaces Twilio's; absent = Twilio's own
 */
public record TwilioAccount(
        String accountSid,
        String username,
        String password,
        @Nullable URI baseUrl) {

    private static final Pattern SID = Pattern.compile("[A-Z]{2}[0-9a-fA-F]{32}");

    public TwilioAccount {
        requireSid(Variable.TWILIO_ACCOUNT_SID, "AC", accountSid);
    }

    /** @throws SettingsException if something is missing or malformed */
    public static TwilioAccount from(Environment environment) {
        String accountSid = environment.require(Variable.TWILIO_ACCOUNT_SID);
        boolean withKey = environment.find(Variable.TWILIO_API_KEY).isPresent();
        return new TwilioAccount(
                accountSid,
                withKey ? environment.require(Variable.TWILIO_API_KEY) : accountSid,
                environment.require(withKey ? Variable.TWILIO_API_SECRET : Variable.TWILIO_AUTH_TOKEN),
                environment.origin(Variable.FLEXMETRY_TWILIO_BASE_URL).orElse(null));
    }

    /** Replaces the origin of a Twilio URL if another one is configured; path and query stay. */
    public URI rebase(URI uri) {
        if (baseUrl == null) {
            return uri;
        }
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return URI.create(baseUrl + uri.getRawPath() + query);
    }

    /** Value of the Authorization header. */
    public String authorization() {
        return "Basic " + Base64.getEncoder().encodeToString((username + ":" + password).getBytes(UTF_8));
    }

    /** Omits the password. */
    @Override
    public String toString() {
        return "TwilioAccount[accountSid=" + accountSid + ", username=" + username + ", baseUrl=" + baseUrl + "]";
    }

    static void requireSid(Variable variable, String prefix, String sid) {
        if (!sid.startsWith(prefix) || !SID.matcher(sid).matches()) {
            throw new SettingsException(
                    "Expected " + variable + " to be " + prefix + " and 32 hexadecimal digits but it is " + sid);
        }
    }
}
