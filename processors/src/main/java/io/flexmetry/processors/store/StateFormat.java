package io.flexmetry.processors.store;

import io.flexmetry.contract.settings.SettingsException;
import java.util.List;
import java.util.Set;

/**
 * The format of the state: of the records in the stores and their changelogs, and of those in flight in repartition topics. Its
 * number is part of the name of every store, and so of its changelog. Processors recognise another format by these names before they
 * join the group, and never read its records.
 */
public final class StateFormat {

    /**
     * The number of this version's format. Raise it if the last release's records cannot be read any more, or have another meaning:
     * after a change of a stored type (except a {@code @Nullable} component at its end), of a key, of a table's name, or of the
     * meaning of a value. Once between two releases is enough. Processors then refuse the old state, and an installation needs the
     * procedure in the changelog.
     */
    public static final int NUMBER = 1;

    /** The end of every store's name. */
    public static final String SUFFIX = "-v" + NUMBER;

    private static final String CHANGELOG = "-changelog";

    private StateFormat() {}

    /**
     * Refuses to start with state of another format. Without this check, processors would start with empty stores, and the numbers
     * of open conversations would begin again at zero.
     *
     * @param topics names of the application's internal topics
     * @throws SettingsException if a changelog has another format, or none
     */
    public static void requireCurrent(Set<String> topics) {
        List<String> others = topics.stream()
                .filter(topic -> topic.endsWith(CHANGELOG) && !topic.endsWith(SUFFIX + CHANGELOG))
                .sorted()
                .toList();
        if (!others.isEmpty()) {
            throw new SettingsException(
                    "Expected the state of processors in Kafka to have the format of this version (topics …"
                            + SUFFIX + CHANGELOG + ") but another version wrote " + String.join(", ", others)
                            + ". Nothing was changed. Go back to that version, or follow step 3 of \"Moving an installation\" in"
                            + " CHANGELOG.md; if this is ./flexmetry local, delete the data folder");
        }
    }
}
