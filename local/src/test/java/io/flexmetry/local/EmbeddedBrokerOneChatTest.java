package io.flexmetry.local;

import java.util.Map;

/** On the broker in this process. */
class EmbeddedBrokerOneChatTest extends OneChatSuite {

    @Override
    Map<String, String> kafka() {
        return Map.of();
    }
}
