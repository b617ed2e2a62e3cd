package io.flexmetry.contract.settings;

/**
 * The account and its TaskRouter workspace.
 *
 * @param account whose REST API it is
 * @param workspaceSid WS…
 */
public record TwilioSettings(TwilioAccount account, String workspaceSid) {

    public TwilioSettings {
        TwilioAccount.requireSid(Variable.TWILIO_WORKSPACE_SID, "WS", workspaceSid);
    }

    /**
     * Reads them from the environment.
     *
     * @throws SettingsException if something is missing or of the wrong form
     */
    public static TwilioSettings from(Environment environment) {
        return new TwilioSettings(TwilioAccount.from(environment), environment.require(Variable.TWILIO_WORKSPACE_SID));
    }
}
