package io.flexmetry.local.twilio;

import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.TwilioSettings;
import io.flexmetry.contract.settings.Variable;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/**
 * The simulator's account.
 *
 * @param accountSid AC…
 * @param authToken key of webhook signatures
 * @param username user name for the REST API
 * @param password password for the REST API
 * @param workspaceSid WS…
 * @param workflowSid WW…, the only one of the workspace
 */
public record SimulatedAccount(
        String accountSid,
        String authToken,
        String username,
        String password,
        String workspaceSid,
        String workflowSid) {

    private static final String DEFAULT_TOKEN = "simulated-auth-token";

    /** Adds the simulator's credentials to an environment that has none. */
    public static Environment defaults(Environment environment) {
        return environment
                .withDefault(Variable.TWILIO_ACCOUNT_SID, sid("AC", "simulated"))
                .withDefault(Variable.TWILIO_AUTH_TOKEN, DEFAULT_TOKEN)
                .withDefault(Variable.TWILIO_WORKSPACE_SID, sid("WS", "simulated"));
    }

    /** The account of an environment: the simulator has everything that the settings name. */
    public static SimulatedAccount of(Environment environment) {
        TwilioSettings settings = TwilioSettings.from(environment);
        return new SimulatedAccount(
                settings.account().accountSid(),
                environment.require(Variable.TWILIO_AUTH_TOKEN),
                settings.account().username(),
                settings.account().password(),
                settings.workspaceSid(),
                Optional.ofNullable(Configuration.from(environment).writeBack().lateWorkflow())
                        .orElseGet(() -> sid("WW", "workflow")));
    }

    /** A SID that is derived from the name. */
    public static String sid(String prefix, String name) {
        try {
            byte[] hash = MessageDigest.getInstance("MD5").digest((prefix + name).getBytes(StandardCharsets.UTF_8));
            return prefix + String.format("%032x", new BigInteger(1, hash));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Expected every JDK to have MD5", e);
        }
    }

    /** Does not contain the secrets. */
    @Override
    public String toString() {
        return "SimulatedAccount[accountSid=" + accountSid + ", workspaceSid=" + workspaceSid + "]";
    }
}
