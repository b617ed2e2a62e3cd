package io.flexmetry.processors.writeback;

import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.topic.AtMost;
import java.util.Map;

/**
 * The attributes of a task's last write, as far as later ones are compared with them.
 *
 * @param content {@link DesiredAttributes#content()}
 * @param texts texts of the same write
 * @param reconciled whether the previous incarnation of the state wrote them, and not this one ({@link Replay})
 */
record Commanded(
        String reservationSid,
        WriteId.Kind kind,
        String content,
        @AtMost(value = 4, key = Limits.MOST_KEY) Map<String, String> texts,
        boolean reconciled) {}
