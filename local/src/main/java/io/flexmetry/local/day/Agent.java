package io.flexmetry.local.day;

import static io.flexmetry.local.twilio.SimulatedAccount.sid;

/**
 * A worker of the sample day.
 *
 * @param name first name
 */
record Agent(String name) {

    String workerSid() {
        return sid("WK", name);
    }

    String login() {
        return name + "@example.com";
    }

    /** The login in Flex' encoding. */
    String identity() {
        return name + "_40example_2Ecom";
    }

    String attributes() {
        return "{\"full_name\":\"" + name + "\",\"contact_uri\":\"client:" + identity() + "\"}";
    }
}
