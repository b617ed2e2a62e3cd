package io.flexmetry.contract.settings;

/**
 * A Twilio account and its TaskRouter workspace.
 *
 * @param account account and credentials
 * @param workspaceSid WS…
 */
public record TwilioSettings(TwilioAccount account, String workspaceSid) {

    public TwilioSettings {
        TwilioAccount.requireSid(Variable.TWILIO_WORKSPACE_SID, "WS", workspaceSid);
    }

    /** @throws SettingsException if something is missing or malformed */
    public static TwilioSettings from(Environment environment) {
        return new TwilioSettings(TwilioAccount.from(environment), environment.require(Variable.TWILIO_WORKSPACE_SID));
    }
}
