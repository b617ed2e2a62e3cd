package io.flexmetry.contract.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The YAML file that {@link Variable#FLEXMETRY_CONFIG} names. Missing keys have defaults; unknown, duplicate or invalid keys stop the
 * start.
 *
 * @param metrics what is measured and where it is written
 * @param bots authors that are bots; a trailing {@code *} matches any ending
 * @param greeters authors whose messages do not count as replies; same syntax as {@code bots}
 * @param internalChats chats between colleagues, which are never measured
 * @param retention how long the state of a conversation or task is kept after its last event
 * @param privacy which personal data enters Kafka, and what is shown
 * @param beacon which pages may send beacons
 * @param focus what counts as focus
 * @param writeBack when and how fast numbers are written to tasks
 * @param inactivity policies for silent conversations
 * @param voiceQuality how voice quality is measured
 * @param targets service level targets
 * @param calendar opening hours
 * @param capacity how many tasks an agent takes at a time
 */
public record Configuration(
        MetricsConfiguration metrics,
        List<String> bots,
        List<String> greeters,
        InternalChats internalChats,
        Duration retention,
        PrivacyConfiguration privacy,
        BeaconConfiguration beacon,
        FocusConfiguration focus,
        WriteBackConfiguration writeBack,
        InactivityConfiguration inactivity,
        VoiceConfiguration voiceQuality,
        TargetsConfiguration targets,
        CalendarConfiguration calendar,
        CapacityConfiguration capacity) {

    private static final List<String> DEFAULT_BOTS = List.of("Virtual Agent", "Bot", "Dialogflow participant for *");

    /** The name under which Flex's web chat greets, right after the visitor's first message. */
    private static final List<String> DEFAULT_GREETERS = List.of("Concierge");

    /** The retention of the event topics. */
    private static final Duration DEFAULT_RETENTION = Duration.ofDays(7);

    private static final Duration SHORTEST_RETENTION = Duration.ofHours(4);
    private static final Duration LONGEST_RETENTION = Duration.ofDays(366);

    /**
     * The section {@code internalChats}.
     *
     * @param attribute conversation attribute that marks internal chats
     */
    public record InternalChats(String attribute) {
        public InternalChats(@Nullable String attribute) {
            this.attribute = attribute == null ? "internalChat" : attribute;
        }
    }

    public Configuration(
            @Nullable MetricsConfiguration metrics,
            @Nullable List<String> bots,
            @Nullable List<String> greeters,
            @Nullable InternalChats internalChats,
            @Nullable Duration retention,
            @Nullable PrivacyConfiguration privacy,
            @Nullable BeaconConfiguration beacon,
            @Nullable FocusConfiguration focus,
            @Nullable WriteBackConfiguration writeBack,
            @Nullable InactivityConfiguration inactivity,
            @Nullable VoiceConfiguration voiceQuality,
            @Nullable TargetsConfiguration targets,
            @Nullable CalendarConfiguration calendar,
            @Nullable CapacityConfiguration capacity) {
        this.metrics = metrics == null ? MetricsConfiguration.defaults() : metrics;
        this.bots = bots == null ? DEFAULT_BOTS : List.copyOf(bots);
        this.greeters = greeters == null ? DEFAULT_GREETERS : List.copyOf(greeters);
        this.internalChats = internalChats == null ? new InternalChats(null) : internalChats;
        this.retention = retention == null ? DEFAULT_RETENTION : retention;
        // Twilio retries events for four hours; a year is longer than any contact
        Durations.requireWithin("retention", "retention", this.retention, SHORTEST_RETENTION, LONGEST_RETENTION);
        this.privacy = privacy == null ? new PrivacyConfiguration(false, null, null) : privacy;
        this.beacon = beacon == null ? new BeaconConfiguration(null) : beacon;
        this.focus = focus == null ? new FocusConfiguration(null, false) : focus;
        this.writeBack = writeBack == null ? WriteBackConfiguration.defaults() : writeBack;
        this.inactivity = inactivity == null ? InactivityConfiguration.NONE : inactivity;
        this.voiceQuality = voiceQuality == null ? VoiceConfiguration.defaults() : voiceQuality;
        this.targets = targets == null ? TargetsConfiguration.NONE : targets;
        this.calendar = calendar == null ? CalendarConfiguration.NONE : calendar;
        this.capacity = capacity == null ? CapacityConfiguration.NONE : capacity;
        this.targets.requireChannels(this.metrics.chatChannels());
        this.inactivity.requireChannels(this.metrics.chatChannels());
    }

    /** The configuration without a file. */
    public static Configuration defaults() {
        return new Configuration(null, null, null, null, null, null, null, null, null, null, null, null, null, null);
    }

    /** A copy with other metrics. */
    public Configuration with(MetricsConfiguration other) {
        return new Configuration(
                other,
                bots,
                greeters,
                internalChats,
                retention,
                privacy,
                beacon,
                focus,
                writeBack,
                inactivity,
                voiceQuality,
                targets,
                calendar,
                capacity);
    }

    /** A copy with another focus. */
    public Configuration with(FocusConfiguration other) {
        return new Configuration(
                metrics,
                bots,
                greeters,
                internalChats,
                retention,
                privacy,
                beacon,
                other,
                writeBack,
                inactivity,
                voiceQuality,
                targets,
                calendar,
                capacity);
    }

    /** A copy with other inactivity policies. */
    public Configuration with(InactivityConfiguration other) {
        return new Configuration(
                metrics,
                bots,
                greeters,
                internalChats,
                retention,
                privacy,
                beacon,
                focus,
                writeBack,
                other,
                voiceQuality,
                targets,
                calendar,
                capacity);
    }

    /** Whether the author is a bot. */
    public boolean isBot(String author) {
        return matches(bots, author);
    }

    /** Whether the author is a greeter. */
    public boolean isGreeter(String author) {
        return matches(greeters, author);
    }

    private static boolean matches(List<String> patterns, String author) {
        return patterns.stream()
                .anyMatch(pattern -> pattern.endsWith("*")
                        ? author.startsWith(pattern.substring(0, pattern.length() - 1))
                        : author.equals(pattern));
    }

    /**
     * Reads the configured file; without one, returns the defaults.
     *
     * @throws SettingsException with file, line and rule, if the file cannot be read or breaks a rule
     */
    public static Configuration from(Environment environment) {
        Configuration configuration = environment
                .find(Variable.FLEXMETRY_CONFIG)
                .map(file -> read(Path.of(file)))
                .orElseGet(Configuration::defaults);
        return configuration.with(configuration.inactivity().in(environment));
    }

    private static Configuration read(Path file) {
        String yaml;
        try {
            yaml = Files.readString(file);
        } catch (IOException e) {
            throw new SettingsException(
                    "Expected " + Variable.FLEXMETRY_CONFIG + " to name a readable file but " + file + " is not: " + e);
        }
        return parse(file.toString(), yaml);
    }

    /**
     * Parses a YAML text.
     *
     * @param name name of the file, for messages
     * @throws SettingsException with line and rule, if it breaks one
     */
    public static Configuration parse(String name, String yaml) {
        return Yaml.parse(name, yaml).as(Configuration.class).orElseGet(Configuration::defaults);
    }
}
